import {
  RunProgress,
  StepAssignment,
  WorkflowRuntimeHost,
} from '@innominatus/backstage-plugin-innominatus-node';
import { RestatePromise, WorkflowContext } from '@restatedev/restate-sdk';

/** The clocks of Restate and of the database differ; a little late is no harm. */
const LEAST_SLEEP_MS = 5;

type Woken =
  | { kind: 'step'; key: string; failed: boolean }
  | { kind: 'signal' }
  | { kind: 'timer' };

/**
 * Moves a run forward until it ends: advance, have the started steps carried
 * out, and wait for whichever comes first of their ends, a signal and the next
 * timer.
 *
 * Everything that decides on the way is an answer that Restate keeps, in the
 * order in which it came. Nothing here may read a clock or wait for a promise
 * that is not Restate's.
 */
export async function moveRun(
  ctx: WorkflowContext,
  host: WorkflowRuntimeHost,
  execute: (assignment: StepAssignment) => RestatePromise<void>,
): Promise<void> {
  const runId = ctx.key;
  const steps = new Map<string, StepAssignment>();
  const waiting = new Map<string, RestatePromise<Woken>>();
  const begin = (key: string, assignment: StepAssignment) => {
    steps.set(key, assignment);
    waiting.set(
      key,
      execute(assignment).map((_, failure) => ({
        kind: 'step',
        key,
        failed: failure !== undefined,
      })),
    );
  };
  let wakes = 0;
  let waitsAt: string | undefined = wakeName(wakes);
  let signal = waitForSignal(ctx, wakes);
  let sleep: { at: number; promise: RestatePromise<Woken> } | undefined;
  let after = 0;
  for (;;) {
    const progress: RunProgress = await advance(ctx, host, {
      runId,
      after,
      waitsAt,
    });
    if (progress.ended) {
      return;
    }
    after = progress.seq;
    waitsAt = undefined;
    for (const key of progress.over.map(keyOf)) {
      steps.delete(key);
      waiting.delete(key);
    }
    for (const assignment of progress.started) {
      begin(keyOf(assignment), assignment);
    }
    const { wake } = progress;
    if (wake && (!sleep || wake.at < sleep.at)) {
      // A sleep cannot be taken back. One that is there already and ends
      // earlier is as good: it leads to a look, and then to the next sleep.
      sleep = {
        at: wake.at,
        promise: ctx
          .sleep(Math.max(LEAST_SLEEP_MS, wake.inMs))
          .map(() => ({ kind: 'timer' })),
      };
    }
    const woken: Woken = await RestatePromise.race([
      ...waiting.values(),
      signal,
      ...(sleep ? [sleep.promise] : []),
    ]);
    if (woken.kind === 'timer') {
      sleep = undefined;
    } else if (woken.kind === 'signal') {
      wakes += 1;
      waitsAt = wakeName(wakes);
      signal = waitForSignal(ctx, wakes);
    } else {
      waiting.delete(woken.key);
      const assignment = steps.get(woken.key);
      if (woken.failed && assignment) {
        // Somebody stopped the call in Restate. The run still needs its outcome.
        begin(woken.key, assignment);
      }
    }
  }
}

function advance(
  ctx: WorkflowContext,
  host: WorkflowRuntimeHost,
  options: Parameters<WorkflowRuntimeHost['advance']>[0],
): RestatePromise<RunProgress> {
  return ctx.run('advance', () => host.advance(options));
}

function waitForSignal(
  ctx: WorkflowContext,
  wakes: number,
): RestatePromise<Woken> {
  return ctx
    .promise<boolean>(wakeName(wakes))
    .get()
    .map(() => ({ kind: 'signal' }));
}

function wakeName(wakes: number): string {
  return `wake/${wakes}`;
}

function keyOf(assignment: StepAssignment): string {
  const { step, attempt, fencingToken } = assignment;
  return `${step}/${attempt}/${fencingToken}`;
}
