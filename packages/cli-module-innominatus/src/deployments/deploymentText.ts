import type {
  DeploymentRecovery,
  DeploymentSummary,
} from '@innominatus/backstage-plugin-innominatus-common';
import { formatApplication } from '../applications/reference';
import { Styles, paintState } from '../output/styles';
import { safeLine } from '../output/text';

/** A deployment with its plan, who agreed to what, and what it left behind. */
export function deploymentText(
  deployment: DeploymentSummary,
  styles: Styles,
): string {
  const { freezeOverride, recovery, planId, planHash, failure } = deployment;
  const rows: Array<[string, string | undefined]> = [
    ['action', deployment.action],
    ['revision', String(deployment.revision)],
    ['plan', planId ? `${planId}, hash ${planHash}` : `hash ${planHash}`],
    ['run', runOf(deployment)],
    ['approval', deployment.approvalId],
    ['waiting', deployment.waiting?.message],
    [
      'freeze',
      freezeOverride &&
        `may be passed, said ${freezeOverride.by}: ${freezeOverride.reason}`,
    ],
    ['by', deployment.createdBy],
    ['created', deployment.createdAt],
    ['ended', deployment.endedAt],
    ['changes', deployment.changes.join('; ') || undefined],
    ['failure', failure?.error.message],
    ['id', deployment.id],
  ];
  return [
    styles.bold(
      `Deployment ${deployment.number} of ${formatApplication(deployment)}`,
    ),
    `  status    ${paintState(deployment.status, styles)}`,
    ...rows.flatMap(([title, value]) =>
      value === undefined ? [] : [`  ${title.padEnd(9)} ${safeLine(value)}`],
    ),
    ...(recovery ? ['Left behind', ...existingLines(recovery)] : []),
  ].join('\n');
}

/** What there is of the resources of a deployment that did not end well. */
export function existingLines({ exists }: DeploymentRecovery): string[] {
  return exists.length === 0
    ? ['  nothing']
    : exists.map(
        ({ name, type, state, error }) =>
          `  ${safeLine(name)} (${type}) ${state}${error ? `: ${safeLine(error)}` : ''}`,
      );
}

function runOf(deployment: DeploymentSummary): string | undefined {
  const run = deployment.runNumber ?? deployment.runId;
  return run === undefined ? undefined : String(run);
}
