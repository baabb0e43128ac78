import {
  BoundProcessOptions,
  BoundStepRunner,
  ExitResult,
  ProcessContext,
  ProcessLine,
  StepRunner,
} from '@innominatus/backstage-plugin-innominatus-node';
import { isHandedOver } from '../engine/abort';

export interface BindStepRunnerOptions {
  runner: StepRunner;
  /** Of the attempt. */
  key: string;
  workspace: () => Promise<string>;
  /** Of the attempt; its reason says whether the work ends or is handed over. */
  signal: AbortSignal;
  /** Aborts when a step that was told to end shall not be waited for. */
  force?: AbortSignal;
  onLine: (line: ProcessLine) => void;
  flush: () => Promise<boolean>;
}

/**
 * Fits the step runner to one attempt.
 *
 * A worker that shuts down, or that lost its run, lets go of a program without
 * touching it: the next worker on this machine attaches to it. Only when the
 * work itself is to end does the program hear of it.
 */
export function bindStepRunner(
  options: BindStepRunnerOptions,
): BoundStepRunner {
  const { runner } = options;
  return {
    run: (spec, { replaceLost, ...process } = {}) =>
      withContext(options, process, context =>
        runner.run(spec, context, { replaceLost }),
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
  const { runner, signal, force, flush } = options;
  const key =
    process.name === undefined ? options.key : `${options.key}/${process.name}`;
  const cancel = new AbortController();
  const detach = new AbortController();
  const onAbort = () =>
    (isHandedOver(signal) ? detach : cancel).abort(signal.reason);
  const onForce = () => {
    // The end of the program is awaited anyway; without one it goes on.
    runner.cancel(key, { force: true }).catch(() => {});
  };
  signal.addEventListener('abort', onAbort);
  force?.addEventListener('abort', onForce);
  if (signal.aborted) {
    onAbort();
  }
  if (force?.aborted) {
    onForce();
  }
  try {
    return await work({
      key,
      workspace: await options.workspace(),
      signal: cancel.signal,
      detach: detach.signal,
      onLine: process.onLine ?? options.onLine,
      flush,
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    force?.removeEventListener('abort', onForce);
  }
}
