import {
  InnominatusClient,
  Run,
  RunSummary,
} from '@innominatus/backstage-plugin-innominatus-common';

export interface FollowRunOptions {
  client: InnominatusClient;
  runId: string;
  signal: AbortSignal;
  log: (line: string) => void;
}

const TERMINAL: ReadonlySet<string> = new Set([
  'succeeded',
  'failed',
  'cancelled',
]);

/** Writes the log of a run line by line and answers the run once it has ended. */
export async function followRun(options: FollowRunOptions): Promise<Run> {
  const { client, runId, signal, log } = options;
  let waiting: string | undefined;
  const watch = (async () => {
    for await (const { data } of client.followRun(runId, { signal })) {
      waiting = logWaiting(data, waiting, log);
    }
  })();
  for await (const { data } of client.followRunLogs(runId, { signal })) {
    log(`[${data.step}] ${data.text}`);
  }
  await watch;
  signal.throwIfAborted();
  const run = await client.getRun(runId, { signal });
  if (!TERMINAL.has(run.status)) {
    throw new Error(
      `The log of run ${run.number} ended while the run is ${run.status}`,
    );
  }
  return run;
}

function logWaiting(
  run: RunSummary,
  last: string | undefined,
  log: (line: string) => void,
): string | undefined {
  const message = run.waiting?.message;
  if (message && message !== last) {
    log(`Waiting: ${message}`);
  }
  return message;
}
