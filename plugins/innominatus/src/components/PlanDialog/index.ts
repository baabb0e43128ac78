export { PlanDialog } from './PlanDialog';
export { PlanOutcome } from './PlanOutcome';
