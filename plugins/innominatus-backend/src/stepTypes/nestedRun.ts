import {
  JsonValue,
  Run,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { derivedId } from '../database';
import { isHandedOver } from '../engine/abort';
import { RunService } from '../runs/types';

export interface NestedRunOptions {
  runs: RunService;
  definition: WorkflowDefinition;
  parameters: Record<string, JsonValue>;
  title?: string;
  /** Tells several runs of one step apart. */
  suffix?: string;
}

type NestingContext = Pick<
  StepContext,
  'environment' | 'idempotencyKey' | 'log' | 'run' | 'signal' | 'step'
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
  const { log, signal } = context;
  const suffix = options.suffix ? `/${options.suffix}` : '';
  const started = await runs.start({
    runId: derivedId(`${context.idempotencyKey}${suffix}`),
    definition,
    title: options.title,
    parameters: options.parameters,
    environment: context.environment,
    initiator: context.run.initiator,
    parentRun: { id: context.run.id, step: context.step.name },
  });
  log.info(`Run ${started.number} of workflow "${definition.name}"`);
  const run = await waitForEnd(context, runs, started.id);
  signal.throwIfAborted();
  if (run.status !== 'succeeded') {
    throw failureOf(run);
  }
  log.info(`Run ${run.number} succeeded`);
  return run;
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
    return await runs.waitForEnd({ id, signal: waiting.signal });
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
