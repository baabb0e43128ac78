import {
  JsonObject,
  JsonValue,
  Run,
  RunSummary,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
  StepWait,
} from '@innominatus/backstage-plugin-innominatus-node';
import { derivedId } from '../database';
import { isHandedOver } from '../engine/abort';
import { ProblemError } from '../http';
import { RunService } from '../runs/types';

const LINES_PER_READ = 500;

export interface NestedRunOptions {
  runs: RunService;
  definition: WorkflowDefinition;
  parameters: Record<string, JsonValue>;
  /** Metadata of the workload, for `${metadata.K}`. */
  metadata?: JsonObject;
  title?: string;
  /** Tells several runs of one step apart. */
  suffix?: string;
}

type NestingContext = Pick<
  StepContext<unknown>,
  | 'application'
  | 'environment'
  | 'idempotencyKey'
  | 'log'
  | 'resumed'
  | 'run'
  | 'signal'
  | 'step'
>;

/**
 * Runs a workflow inside of a step and answers its run once it succeeded.
 *
 * The id of the run follows from the key of the attempt. A worker that carries
 * the step on therefore finds the run of the worker before it, and waits for
 * that one. A cancel of the step is passed on; a worker that has to stop just
 * stops waiting.
 */
export async function runNested(
  context: NestingContext,
  options: NestedRunOptions,
): Promise<Run> {
  const { runs, definition } = options;
  const { log } = context;
  const suffix = options.suffix ? `/${options.suffix}` : '';
  const started = await runs
    .start({
      runId: derivedId(`${context.idempotencyKey}${suffix}`),
      definition,
      title: options.title,
      parameters: options.parameters,
      metadata: options.metadata,
      environment: context.environment,
      app: context.application && { name: context.application.name },
      initiator: context.run.initiator,
      parentRun: { id: context.run.id, step: context.step.name },
    })
    .catch(error => {
      throw error instanceof ProblemError
        ? new StepFailure(error.message, { code: error.code })
        : error;
    });
  log.info(
    `${context.resumed ? 'Following' : 'Started'} run ${started.number} of the workflow "${definition.name}"`,
  );
  return followNested(context, { runs, started });
}

/**
 * Waits for a run that was started for a step; answers it once it succeeded.
 *
 * A run that waits for people or for something outside is not waited for here:
 * the step gives its worker back, and gets another turn when the run ends.
 */
export async function followNested(
  context: NestingContext,
  options: { runs: RunService; started: RunSummary },
): Promise<Run> {
  const { runs, started } = options;
  const { log, signal } = context;
  const over = new AbortController();
  const copying = copyLog(context, {
    runs,
    id: started.id,
    over: over.signal,
  }).catch(error =>
    log.warn(
      `The log of run ${started.number} cannot be shown: ${error.message}`,
    ),
  );
  let run: Run;
  try {
    run = await waitForEnd(context, runs, started.id);
  } finally {
    over.abort();
    await copying;
  }
  signal.throwIfAborted();
  if (run.endedAt === undefined) {
    run = await letGo(context, runs, run);
  }
  if (run.status !== 'succeeded') {
    throw failureOf(run);
  }
  return run;
}

/** Answers only when the run has ended in this moment. */
async function letGo(
  context: NestingContext,
  runs: RunService,
  run: Run,
): Promise<Run> {
  const { id, number } = run;
  if (!(await runs.wakeParentAtEnd(id))) {
    return runs.get(id);
  }
  context.log.info(`Run ${number} waits: ${run.waiting?.message ?? ''}`);
  throw new StepWait({ message: `Waits for run ${number}.`, heldBy: id });
}

/**
 * Writes the lines of the nested run into the log of the step, so that whoever
 * follows the step sees what happens. Lines that were there before the step
 * was carried on stand in the log already, or in that of the nested run.
 */
async function copyLog(
  context: NestingContext,
  options: { runs: RunService; id: string; over: AbortSignal },
): Promise<void> {
  const { runs, id, over } = options;
  const { log } = context;
  let after = 0;
  let isOld = context.resumed;
  for (;;) {
    // Looked at before reading: what was written until the end is still read.
    const isOver = over.aborted;
    const lines = await runs.logs({ id, after, limit: LINES_PER_READ });
    for (const { seq, step, level, text } of lines) {
      after = seq;
      if (!isOld) {
        log[level](`${step}: ${text}`);
      }
    }
    if (lines.length === LINES_PER_READ) {
      continue;
    }
    isOld = false;
    if (isOver) {
      return;
    }
    await runs.waitForActivity({ id, signal: over });
  }
}

async function waitForEnd(
  context: NestingContext,
  runs: RunService,
  id: string,
): Promise<Run> {
  const { signal, run, log } = context;
  const waiting = new AbortController();
  const onAbort = () => {
    if (isHandedOver(signal)) {
      waiting.abort(signal.reason);
      return;
    }
    runs
      .cancel({
        id,
        by: run.initiator,
        reason: `Run ${run.number} was told to stop`,
      })
      .catch(error =>
        log.warn(`The nested run could not be cancelled: ${error.message}`),
      );
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) {
    onAbort();
  }
  try {
    const atRest = await runs.waitForRest({ id, signal: waiting.signal });
    // Somebody told the step to stop: the run is stopping, and is waited for.
    return signal.aborted && atRest.endedAt === undefined
      ? await runs.waitForEnd({ id, signal: waiting.signal })
      : atRest;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function failureOf(run: Run): StepFailure {
  const { failure } = run;
  if (run.status === 'cancelled') {
    return new StepFailure(`Run ${run.number} was cancelled.`, {
      code: 'NESTED_RUN_CANCELLED',
    });
  }
  const step = failure?.step ? ` in step "${failure.step}"` : '';
  return new StepFailure(
    `Run ${run.number} failed${step}: ${failure?.error.message ?? 'no reason was recorded'}`,
    {
      code: failure?.error.code ?? 'NESTED_RUN_FAILED',
      transient: failure?.error.transient,
    },
  );
}
