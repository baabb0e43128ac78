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
  const label = formatApplication(deployment);
  const run = deployment.runNumber ?? deployment.runId;
  if (run) {
    noteWatching(context, run);
  }
  if (!options.watch) {
    await context.out.object(deployment, {
      text: styles =>
        `Deployment ${deployment.number} of ${label} ${paintState(deployment.status, styles)}${run ? `, run ${run}` : ''}`,
      name: () => String(run ?? deployment.id),
    });
    if (run) {
      context.talk.next(`Follow it: innominatus runs watch ${run}`);
    }
    return ExitCode.ok;
  }
  if (!deployment.runId) {
    throw new CliError(
      `Deployment ${deployment.number} of ${label} has no run to watch; it is ${deployment.status}.`,
      { next: `See: innominatus status ${label}` },
    );
  }
  context.talk.say(`Deployment ${deployment.number} of ${label}, run ${run}`);
  const ended = await watchRun(context, deployment.runId, {
    timeoutMs: options.timeoutMs,
  });
  const result = await recorded(client, deployment);
  return finishRun(context, ended, { ...result, run: ended });
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
