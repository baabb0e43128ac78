import { setTimeout } from 'node:timers/promises';
import {
  DeploymentSummary,
  GoldenPathRunRequest,
  InnominatusApiError,
  InnominatusClient,
  RunSummary,
} from '@innominatus/backstage-plugin-innominatus-common';

const ASK_AGAIN_MS = 5_000;

export interface StartRunOptions {
  client: InnominatusClient;
  goldenPath: string;
  request: GoldenPathRunRequest;
  /** The same key finds the run that was started before. */
  idempotencyKey: string;
  signal: AbortSignal;
  log: (line: string) => void;
  /** Wait for people who have to agree before there is a run. */
  wait: boolean;
  /** Milliseconds between two looks, 5000 by default. */
  askAgainMs?: number;
}

/**
 * Starts a golden path. Where people have to agree first there is a deployment
 * without a run until they did; it is withdrawn when the signal aborts
 * meanwhile. One that people rejected throws what the backend says of it.
 */
export async function startRun(
  options: StartRunOptions,
): Promise<RunSummary | DeploymentSummary> {
  const { client, signal, log, wait, askAgainMs = ASK_AGAIN_MS } = options;
  let said: string | undefined;
  for (;;) {
    const started = await attempt(options);
    if (!isWaiting(started) || !wait) {
      return started;
    }
    const message = started.waiting?.message ?? 'somebody has to agree';
    if (message !== said) {
      said = message;
      log(`Deployment ${started.number} waits for approval: ${message}`);
    }
    await setTimeout(askAgainMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) {
      await client.cancelDeployment(started.id, {
        reason: 'The scaffolder task was cancelled',
      });
      signal.throwIfAborted();
    }
  }
}

/** Whether people have to agree to it, and did not yet. */
export function isWaiting(
  started: RunSummary | DeploymentSummary,
): started is DeploymentSummary {
  return 'planHash' in started;
}

async function attempt(
  options: StartRunOptions,
): Promise<RunSummary | DeploymentSummary> {
  const { client, goldenPath, request, idempotencyKey } = options;
  try {
    return await client.runGoldenPath(goldenPath, request, { idempotencyKey });
  } catch (error) {
    if (!(error instanceof InnominatusApiError) || !error.deploymentId) {
      throw error;
    }
    const deployment = await client.getDeployment(error.deploymentId);
    if (deployment.endedAt && !deployment.runId) {
      throw error;
    }
    return deployment;
  }
}
