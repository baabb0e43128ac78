import { stepTitle } from '../stepTitle';
import { StepDefinition } from '../types';

/** Steps that start only after a person said yes. */
export function needsApproval(step: StepDefinition): boolean {
  return step.when === 'manual' || step.type === 'approval';
}

/** What a run that waits for the step says, with those who may approve. */
export function approvalMessage(step: StepDefinition): string {
  const { approvers } = step.config;
  const names = Array.isArray(approvers)
    ? approvers.filter(name => typeof name === 'string')
    : [];
  const by = step.type === 'approval' && names.length > 0;
  return `Step "${stepTitle(step)}" waits for an approval${by ? ` by ${names.join(' or ')}` : ''}.`;
}
