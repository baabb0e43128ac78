import {
  findUnresolvedParameters,
  settleSteps,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ProblemError } from '../http';
import { GroupInput, readGroup, scopeAtStart } from './runGroups';

/**
 * Refuses a run that would certainly fail at a parameter that it does not get,
 * has a step whose timeout is none, or would wait in a group whose name has a
 * gap.
 */
export function requireResolvable(options: GroupInput): void {
  const { definition, parameters } = options;
  const [parameter] = findUnresolvedParameters(definition, parameters);
  if (parameter) {
    const { reference, place, pointer, names } = parameter;
    throw refusal(
      definition.name,
      `"${reference}" in ${place} at "${pointer}" cannot be resolved: no such parameter is passed. ${namesThatExist(names)}`,
    );
  }
  const { steps } = settleSteps(definition, scopeAtStart(options));
  for (const { settings } of steps) {
    if (settings?.problem !== undefined) {
      throw refusal(definition.name, settings.problem);
    }
  }
  const { concurrency } = definition;
  const [gap] = concurrency ? readGroup(concurrency, options).missing : [];
  if (gap) {
    throw refusal(
      definition.name,
      `"${gap.reference}" in "concurrency.group" has no value for this run. ${namesThatExist(gap.names)}`,
    );
  }
}

function namesThatExist(names: string[]): string {
  return names.length > 0
    ? `Names that exist: ${[...names].sort().join(', ')}.`
    : 'There are none.';
}

function refusal(workflow: string, message: string): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'REFERENCE_UNRESOLVED',
    message: `The workflow "${workflow}" was not started: ${message}`,
  });
}
