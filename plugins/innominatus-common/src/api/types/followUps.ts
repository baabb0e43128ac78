/**
 * A step that a retry or an undo would start.
 *
 * @public
 */
export interface FollowUpStep {
  step: string;
  title?: string;
  type: string;
  /** Whether steps of this type touch systems outside. */
  effects: 'none' | 'external';
}

/**
 * What a retry of a run would do.
 *
 * @public
 */
export interface RetryPreview {
  /** Names this preview in the call that starts the retry. */
  version: string;
  /** Set when it was asked to run again from this step. */
  from?: string;
  /** Names of the steps that keep their outputs. */
  kept: string[];
  /** Steps that are decided anew, in order. */
  again: Array<FollowUpStep & { startedBefore: boolean }>;
  /** Steps that touch systems outside again; the call has to name them. */
  acknowledge: string[];
  allowed: boolean;
  /** Why it is not allowed. */
  reason?: string;
}

/**
 * What the undo of a run would do.
 *
 * @public
 */
export interface UndoPreview {
  /** Names this preview in the call that starts the undo. */
  version: string;
  /** All steps of the run, the last one first. */
  steps: Array<
    FollowUpStep & {
      undoable: boolean;
      obstacle?: 'notStarted' | 'carried' | 'noUndo';
      /** Why it is not undone. */
      reason?: string;
      /** What its undo would not take back as things are now. */
      warnings?: string[];
    }
  >;
  /** Steps whose undo touches systems outside; the call has to name them. */
  acknowledge: string[];
  allowed: boolean;
  /** Why it is not allowed. */
  reason?: string;
}

/**
 * Starts the undo of a run.
 *
 * @public
 */
export interface UndoRequest {
  previewVersion: string;
  /** At least the steps that the preview asks to acknowledge. */
  acknowledge?: string[];
}

/**
 * Starts the retry of a run.
 *
 * @public
 */
export interface RetryRequest extends UndoRequest {
  /** The step that was named for the preview. */
  from?: string;
}
