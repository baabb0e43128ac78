import {
  Environment,
  EphemeralEnvironmentRequest,
} from '@innominatus/backstage-plugin-innominatus-common';
import { EnvironmentDefinition } from './types';

/**
 * A short-lived environment as a copy of another one: the same place in its
 * target under another name, the same variables, quotas, budget and people. Approvals
 * and freeze windows stay with the original: nobody relies on a preview.
 */
export function copyDefinition(
  origin: Environment,
  options: { name: string; request: EphemeralEnvironmentRequest },
): EnvironmentDefinition {
  const { name, request } = options;
  const { project, branch, pullRequest } = request;
  const what =
    pullRequest === undefined
      ? `branch ${branch}`
      : `pull request ${pullRequest}`;
  const { deployers } = origin.rules ?? {};
  return {
    name,
    title: [project, what].filter(part => part !== undefined).join(', '),
    description: `Made from ${origin.name} for ${what}`,
    owner: origin.owner,
    type: 'ephemeral',
    order: origin.order + 1,
    target: origin.target,
    variables: origin.variables,
    quotas: origin.quotas,
    budget: origin.budget,
    concurrency: origin.concurrency,
    ...(deployers ? { rules: { deployers } } : {}),
  };
}
