import type {
  InnominatusClient,
  Run,
} from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { CliError, ConnectionError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { humanDuration } from '../output/time';
import { RunProgress } from './RunProgress';

const RETRY_MS = 1000;
// The log may end a moment after the run; what is later is in `innominatus logs`.
const LAST_LINES_MS = 3000;

/** Tells whether a run has ended. */
function hasEnded(run: { status: string }): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(run.status);
}

/**
 * Shows how a run goes, step changes and log lines on stderr, until it has
 * ended. The backend may restart meanwhile: the streams connect again and go
 * on where they were. Ctrl-C and a timeout leave the run alone.
 */
export async function watchRun(
  context: CommandContext,
  id: string,
  options: { timeoutMs?: number } = {},
): Promise<Run> {
  const client = await context.client();
  const run = await client.getRun(id);
  const follow = noteWatching(context, run.number);
  const watch = new AbortController();
  const stop = () => watch.abort();
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(stop, options.timeoutMs);
  context.io.signal.addEventListener('abort', stop);
  try {
    const progress = RunProgress.create(context.talk);
    const logs = followLogs({
      client,
      id: run.id,
      progress,
      signal: watch.signal,
    });
    await followSteps({ client, run, progress, signal: watch.signal });
    if (!watch.signal.aborted) {
      await Promise.race([logs, delay(LAST_LINES_MS)]);
      return await retrying(() => client.getRun(run.id), watch.signal);
    }
  } finally {
    clearTimeout(timer);
    context.io.signal.removeEventListener('abort', stop);
    stop();
  }
  context.io.signal.throwIfAborted();
  throw new CliError(
    `Run ${run.number} has not ended within ${humanDuration(options.timeoutMs ?? 0)}; it goes on.`,
    { exitCode: ExitCode.timedOut, next: `Follow it again: ${follow}` },
  );
}

/** Says on Ctrl-C that the run goes on; answers the line that follows it. */
export function noteWatching(
  context: CommandContext,
  run: string | number,
): string {
  const follow = `innominatus runs watch ${run}`;
  context.noteForInterrupt(
    `You stopped watching, but run ${run} goes on. Follow it again: ${follow}\nStop the run itself: innominatus runs cancel ${run}`,
  );
  return follow;
}

interface FollowOptions {
  client: InnominatusClient;
  progress: RunProgress;
  signal: AbortSignal;
}

async function followSteps(
  options: FollowOptions & { run: Run },
): Promise<void> {
  const { client, run, progress, signal } = options;
  progress.showSteps(run.steps);
  if (hasEnded(run)) {
    return;
  }
  for await (const { data } of client.followRun(run.id, { signal })) {
    const { items } = await retrying(
      () => client.getRunSteps(run.id, { signal }),
      signal,
    );
    progress.showSteps(items);
    progress.showWaiting(data?.waiting);
    if (data && hasEnded(data)) {
      return;
    }
  }
}

async function followLogs(
  options: FollowOptions & { id: string },
): Promise<void> {
  const { client, id, progress, signal } = options;
  try {
    for await (const { data } of client.followRunLogs(id, { signal })) {
      progress.showLine(data);
    }
  } catch (error) {
    if (!signal.aborted) {
      progress.showNoLogs(error);
    }
  }
}

/** Repeats a call while the backend cannot be reached. */
async function retrying<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error) || signal.aborted) {
        throw error;
      }
      await delay(RETRY_MS, signal);
    }
  }
}

// A backend that starts up answers 503 before it knows its own routes.
function isPassing(error: unknown): boolean {
  return (
    error instanceof ConnectionError ||
    [502, 503, 504].includes((error as { status?: number }).status ?? 0)
  );
}

function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
