import { CallOptions } from '../request';
import {
  RetryPreview,
  RetryRequest,
  RunSummary,
  UndoPreview,
  UndoRequest,
} from '../types';
import { RunCalls } from './runs';

/**
 * Retry and undo of ended runs.
 *
 * @public
 */
export abstract class FollowUpCalls extends RunCalls {
  /** @param from - Run again from this step, even if it succeeded. */
  async getRetryPreview(
    id: string,
    options: CallOptions & { from?: string } = {},
  ): Promise<RetryPreview> {
    const { signal, from } = options;
    return this.get(['runs', id, 'retry-preview'], { from }, { signal });
  }

  /**
   * Starts a run that tries an ended one again; answers the new run.
   *
   * @param idempotencyKey - The same key and request start one run only.
   */
  async retryRun(
    id: string,
    request: RetryRequest,
    call?: CallOptions & { idempotencyKey?: string },
  ): Promise<RunSummary> {
    return this.post(['runs', id, 'retry'], request, call);
  }

  async getUndoPreview(id: string, call?: CallOptions): Promise<UndoPreview> {
    return this.get(['runs', id, 'undo-preview'], {}, call);
  }

  /**
   * Starts a run that takes back what an ended one did; answers the new run.
   *
   * @param idempotencyKey - The same key and request start one run only.
   */
  async undoRun(
    id: string,
    request: UndoRequest,
    call?: CallOptions & { idempotencyKey?: string },
  ): Promise<RunSummary> {
    return this.post(['runs', id, 'undo'], request, call);
  }
}
