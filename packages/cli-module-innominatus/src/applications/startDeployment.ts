import { randomUUID } from 'node:crypto';
import type {
  DeploymentRequest,
  DeploymentSummary,
  InnominatusClient,
} from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { CliError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { paintState } from '../output/styles';
import { finishRun } from '../runs/finishRun';
import { noteWatching, watchRun } from '../runs/watchRun';
import { ApplicationKey, formatApplication } from './reference';

/** What `deploy`, `rollback` and `delete` have in common. */
export interface StartDeploymentOptions {
  application: ApplicationKey;
  request: DeploymentRequest;
  idempotencyKey?: string;
  watch: boolean;
  timeoutMs?: number;
}

/** Starts a deployment and, if wanted, watches its run to the end. */
export async function startDeployment(
  context: CommandContext,
  options: StartDeploymentOptions,
): Promise<ExitCode> {
  const client = await context.client();
  const asked = formatApplication(options.application);
  context.noteForInterrupt(
    `Interrupted while the deployment was being started. See whether it was: innominatus status ${asked}`,
  );
  const deployment = await client.deploy(options.application, options.request, {
    // One key per call: a repeated request cannot deploy twice.
    idempotencyKey: options.idempotencyKey ?? randomUUID(),
    signal: context.io.signal,
  });
  return followDeployment(context, deployment, options);
}

/** Shows a deployment that was made, or watches its run to the end. */
export async function followDeployment(
  context: CommandContext,
  deployment: DeploymentSummary,
  options: Pick<StartDeploymentOptions, 'watch' | 'timeoutMs'>,
): Promise<ExitCode> {
  const client = await context.client();
  const label = formatApplication(deployment);
  const run = deployment.runNumber ?? deployment.runId;
  if (run) {
    noteWatching(context, run);
  }
  if (!deployment.runId && deployment.approvalId) {
    context.talk.say(
      `Deployment ${deployment.number} of ${label} waits for approval: ${deployment.waiting?.message ?? 'somebody has to agree'}.`,
    );
  }
  if (!options.watch) {
    await context.out.object(deployment, {
      text: styles =>
        `Deployment ${deployment.number} of ${label} ${paintState(deployment.status, styles)}${run ? `, run ${run}` : ''}`,
      name: () => String(run ?? deployment.id),
    });
    context.talk.next(
      run
        ? `Follow it: innominatus runs watch ${run}`
        : `Who may decide it: innominatus approve ${label}`,
    );
    return ExitCode.ok;
  }
  const begun = deployment.approvalId
    ? await approved(context, deployment, options.timeoutMs)
    : deployment;
  if (!begun.runId) {
    throw new CliError(
      begun.failure?.error.message ??
        `Deployment ${begun.number} of ${label} has no run to watch; it is ${begun.status}.`,
      { next: `See: innominatus status ${label}` },
    );
  }
  context.talk.say(
    `Deployment ${begun.number} of ${label}, run ${begun.runNumber ?? begun.runId}`,
  );
  const ended = await watchRun(context, begun.runId, {
    timeoutMs: options.timeoutMs,
  });
  const result = await recorded(client, deployment);
  return finishRun(context, ended, { ...result, run: ended });
}

const APPROVAL_POLL_MS = 2_000;

/** The deployment once it has a run, or has ended without one. */
async function approved(
  context: CommandContext,
  deployment: DeploymentSummary,
  timeoutMs: number | undefined,
): Promise<DeploymentSummary> {
  const client = await context.client();
  const { signal } = context.io;
  const until = timeoutMs === undefined ? Infinity : Date.now() + timeoutMs;
  let current = deployment;
  while (!current.runId && !current.endedAt) {
    if (Date.now() > until) {
      throw new CliError('It still waits for approval.', {
        exitCode: ExitCode.timedOut,
        next: `See who may decide: innominatus approvals list`,
      });
    }
    await new Promise(resolve => setTimeout(resolve, APPROVAL_POLL_MS));
    signal?.throwIfAborted();
    current = await client.getDeployment(deployment.id, { signal });
  }
  return current;
}

const RECORD_TRIES = 10;
const RECORD_WAIT_MS = 300;

// The deployment learns the result from its run, a moment later.
async function recorded(
  client: InnominatusClient,
  deployment: DeploymentSummary,
): Promise<DeploymentSummary> {
  let current = deployment;
  for (let tries = 0; tries < RECORD_TRIES; tries++) {
    current = await client.getDeployment(deployment.id);
    if (!['pending', 'running'].includes(current.status)) {
      break;
    }
    await new Promise(resolve => setTimeout(resolve, RECORD_WAIT_MS));
  }
  return current;
}
