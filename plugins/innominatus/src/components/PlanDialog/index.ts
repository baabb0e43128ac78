export { PlanDialog } from './PlanDialog';
export { PlanOutcome } from './PlanOutcome';
export { CarryOutButton } from './CarryOutButton';
export { planTitle } from './planTitle';
