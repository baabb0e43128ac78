import {
  RunEvent,
  RunState,
  StepAttempt,
  evolve,
} from '@innominatus/backstage-plugin-innominatus-common';
import { toTimestamp } from '../database';

/** The tries of a step, as the events of its run tell them. */
export function toAttempts(events: RunEvent[], step: string): StepAttempt[] {
  const attempts = new Map<number, StepAttempt>();
  let state: RunState | undefined;
  for (const event of events) {
    state = evolve(state, event);
    if (!('step' in event) || event.step !== step || !('attempt' in event)) {
      continue;
    }
    const { attempt } = event;
    const known = attempts.get(attempt);
    if (event.type === 'StepStarted') {
      // An attempt that goes on after an interruption began once.
      attempts.set(attempt, {
        attempt,
        status: 'running',
        startedAt: known?.startedAt ?? toTimestamp(event.at),
      });
    } else if (known && event.type === 'StepSucceeded') {
      attempts.set(attempt, {
        ...known,
        status: 'succeeded',
        endedAt: toTimestamp(event.at),
      });
    } else if (known && event.type === 'StepFailed') {
      const isCancelled = state.steps[step].status === 'cancelled';
      attempts.set(attempt, {
        ...known,
        status: isCancelled ? 'cancelled' : 'failed',
        endedAt: toTimestamp(event.at),
        error: event.error,
      });
    }
  }
  return [...attempts.values()].sort(
    (left, right) => left.attempt - right.attempt,
  );
}
