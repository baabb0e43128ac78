import {
  ExitResult,
  StepFailure,
  StepRunner,
} from '@innominatus/backstage-plugin-innominatus-node';
import { AbortCauses, isHandedOver, StepAbortError } from '../engine/abort';

/** Code of a step whose program had to end with its backend. */
export const PROGRAM_INTERRUPTED = 'PROGRAM_INTERRUPTED';

export interface WatchEndsOptions {
  runner: StepRunner;
  key: string;
  signal: AbortSignal;
  force?: AbortSignal;
  shutdownGraceMs: number;
}

/**
 * Says what the end of an attempt means for its program.
 *
 * A worker that lost its run lets go of the program without touching it, and so
 * does one that shuts down: the next worker on this machine attaches. Where
 * programs do not outlive the backend, a shutdown waits for them as long as it
 * may. Only a cancellation tells them to end at once.
 */
export function watchEnds(options: WatchEndsOptions) {
  const { runner, key, signal, force } = options;
  const cancel = new AbortController();
  const detach = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let interrupted = false;

  const onAbort = () => {
    if (!isHandedOver(signal)) {
      cancel.abort(signal.reason);
    } else if (isShutdown(signal) && runner.onShutdown === 'finish') {
      timer = setTimeout(() => {
        interrupted = true;
        cancel.abort(signal.reason);
      }, options.shutdownGraceMs);
    } else {
      detach.abort(signal.reason);
    }
  };
  const onForce = () => {
    // The end of the program is awaited anyway; should this fail, it goes on.
    runner.cancel(key, { force: true }).catch(() => {});
  };

  signal.addEventListener('abort', onAbort);
  force?.addEventListener('abort', onForce);
  if (signal.aborted) {
    // Nothing is started any more, wherever programs live.
    (isHandedOver(signal) ? detach : cancel).abort(signal.reason);
  }
  if (force?.aborted) {
    onForce();
  }

  return {
    cancel: cancel.signal,
    detach: detach.signal,
    throwIfInterrupted(result: ExitResult | undefined): void {
      if (interrupted && result?.stoppedBy === 'cancel') {
        throw new StepFailure(
          `The backend shut down before the program had ended. The program was told to end and ${
            result.signal === undefined
              ? `did so with exit code ${result.exitCode}`
              : `was ended by ${result.signal}`
          }. See what it has done, then retry the step. A longer "innominatus.engine.shutdownGrace" leaves more time.`,
          { code: PROGRAM_INTERRUPTED, transient: true },
        );
      }
    },
    close(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      force?.removeEventListener('abort', onForce);
    },
  };
}

function isShutdown(signal: AbortSignal): boolean {
  return (
    signal.reason instanceof StepAbortError &&
    signal.reason.reason === AbortCauses.shutdown
  );
}
