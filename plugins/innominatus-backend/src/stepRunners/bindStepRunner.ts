import {
  BoundProcessOptions,
  BoundStepRunner,
  ExitResult,
  ProcessContext,
  ProcessLine,
  ProcessSpec,
  StepRunner,
} from '@innominatus/backstage-plugin-innominatus-node';
import { watchEnds } from './watchEnds';

/** The engine ends a step whose time is over; this is for when it is away. */
const TIME_MARGIN_MS = 60_000;

export interface BindStepRunnerOptions {
  runner: StepRunner;
  /** Of the attempt. */
  key: string;
  workspace: () => Promise<string>;
  /** Of the attempt; its reason says whether the work ends or is handed over. */
  signal: AbortSignal;
  /** Aborts when a step that was told to end shall not be waited for. */
  force?: AbortSignal;
  /** Time of the attempt. */
  timeoutMs: number;
  /** How long programs may go on when the backend shuts down. */
  shutdownGraceMs: number;
  onLine: (line: ProcessLine) => void;
  flush: () => Promise<boolean>;
}

/** Fits the step runner to one attempt. */
export function bindStepRunner(
  options: BindStepRunnerOptions,
): BoundStepRunner {
  const { runner } = options;
  return {
    run: (spec, { replaceLost, ...process } = {}) =>
      withContext(options, process, context =>
        runner.run(withTime(spec, options.timeoutMs), context, { replaceLost }),
      ),
    attach: (process = {}) =>
      withContext(options, process, context => runner.attach(context)),
  };
}

async function withContext<T extends ExitResult | undefined>(
  options: BindStepRunnerOptions,
  process: BoundProcessOptions,
  work: (context: ProcessContext) => Promise<T>,
): Promise<T> {
  const key =
    process.name === undefined ? options.key : `${options.key}/${process.name}`;
  const ends = watchEnds({ ...options, key });
  try {
    const result = await work({
      key,
      workspace: await options.workspace(),
      signal: ends.cancel,
      detach: ends.detach,
      onLine: process.onLine ?? options.onLine,
      flush: options.flush,
    });
    ends.throwIfInterrupted(result);
    return result;
  } finally {
    ends.close();
  }
}

function withTime(spec: ProcessSpec, timeoutMs: number): ProcessSpec {
  const timeMs = Math.min(
    spec.limits?.timeMs ?? Infinity,
    timeoutMs + TIME_MARGIN_MS,
  );
  return { ...spec, limits: { ...spec.limits, timeMs } };
}
