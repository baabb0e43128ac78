import { DeploymentSummary } from '@innominatus/backstage-plugin-innominatus-common';

/**
 * Whether a deployment is a place to go back to: it brought something that
 * worked, and something else came after it.
 *
 * @param deployments - The newest first.
 */
export function canGoBackTo(
  deployment: DeploymentSummary,
  deployments: readonly DeploymentSummary[],
): boolean {
  const latest = deployments.find(
    ({ environment }) => environment === deployment.environment,
  );
  return (
    deployment.status === 'succeeded' &&
    ['deploy', 'rollback', 'promote'].includes(deployment.action) &&
    latest !== undefined &&
    latest.id !== deployment.id
  );
}
