import {
  RunState,
  RunStatus,
  StepDefinition,
  StepState,
  StepStatus,
} from '../types';

/**
 * The run has its result; later events are ignored.
 *
 * @public
 */
export function isRunEnded(run: { status: RunStatus }): boolean {
  return (
    run.status === 'succeeded' ||
    run.status === 'failed' ||
    run.status === 'cancelled'
  );
}

/**
 * The step will not run any more.
 *
 * @public
 */
export function isStepEnded(step: { status: StepStatus }): boolean {
  return (
    step.status === 'succeeded' ||
    step.status === 'failed' ||
    step.status === 'skipped' ||
    step.status === 'cancelled'
  );
}

/**
 * An attempt of the step is in progress. A step with `forEach` runs without
 * one while the steps of its items do.
 */
export function isAtWork(step: StepState): boolean {
  return step.status === 'running' && !step.expanded;
}

/** The step waits for something outside, and needs no worker for it. */
export function waitsOutside(step: StepState): boolean {
  return (
    step.status === 'waiting' &&
    step.waiting?.kind === 'outside' &&
    step.interrupted === undefined
  );
}

/** Why the whole run is being brought to its end before its time. */
export interface Stop {
  reason: string;
  /** Steps of `finally` are not started any more either. */
  force: boolean;
}

export function stopOf(state: RunState): Stop | undefined {
  if (state.cancel) {
    const because = state.cancel.reason ? `: ${state.cancel.reason}` : '';
    return {
      reason: `The run was cancelled by ${state.cancel.by}${because}.`,
      force: state.cancel.count > 1,
    };
  }
  return state.timedOut
    ? { reason: 'The time of the workflow was over.', force: false }
    : undefined;
}

/**
 * The step is there for what follows when a run is brought to its end, and goes
 * on until somebody forces. The end of its time is a failure, a cancel is none.
 */
export function outlastsStop(
  state: RunState,
  step: Pick<StepDefinition, 'finally' | 'when'> | undefined,
): boolean {
  return (
    step?.finally === true ||
    step?.when === 'always' ||
    (step?.when === 'on_failure' && state.cancel === undefined)
  );
}

/** Names of timers carry what they are for, so that late ones are recognised. */
export const RUN_TIMER = 'run';

export function stepTimer(
  kind: 'timeout' | 'grace' | 'retry' | 'approval' | 'look' | 'outside',
  step: StepState,
): string {
  return `${kind}/${step.name}/${step.attempt}`;
}
