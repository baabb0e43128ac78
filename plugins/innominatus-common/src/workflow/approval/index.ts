export { approvalSchema } from './approvalSchema';
export { readApproverRef } from './approverRef';
export { decisionProblem } from './decisionProblem';
export type { DecisionProblem } from './decisionProblem';
export * from './types';
