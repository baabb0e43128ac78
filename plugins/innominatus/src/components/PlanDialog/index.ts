export { PlanDialog } from './PlanDialog';
export { PlanOutcome } from './PlanOutcome';
export { CarryOutButton } from './CarryOutButton';
export { isRemoval } from './isRemoval';
export { planTitle } from './planTitle';
export { FreezeReason, freezeOverrideOf } from './FreezeReason';
