import {
  RunEvent,
  RunState,
  evolve,
  isRunEnded,
} from '@innominatus/backstage-plugin-innominatus-common';

/** The last time that a step was started, and whether that is over. */
export interface StartedAttempt {
  step: string;
  attempt: number;
  fencingToken: number;
  /** Attach to the work that a lost worker began. */
  resumed: boolean;
  startedSeq: number;
  overSeq?: number;
}

/** What the events of a run up to `seq` say. */
export interface RecordedRun {
  seq: number;
  state: RunState | undefined;
  ended: boolean;
  /** One more than attempts were lost or had a turn, so that it grows with each. */
  fencingToken: number;
  /** By step; in no run this map is changed once it is made. */
  attempts: ReadonlyMap<string, StartedAttempt>;
}

export const UNRECORDED: RecordedRun = {
  seq: 0,
  state: undefined,
  ended: false,
  fencingToken: 1,
  attempts: new Map(),
};

/** Takes in the events that follow. */
export function record(run: RecordedRun, events: RunEvent[]): RecordedRun {
  if (events.length === 0) {
    return run;
  }
  const attempts = new Map(run.attempts);
  let { seq, state, fencingToken } = run;
  for (const event of events) {
    seq += 1;
    if (event.type === 'StepStarted') {
      attempts.set(event.step, {
        step: event.step,
        attempt: event.attempt,
        fencingToken,
        resumed: state?.steps[event.step].interrupted === 'resume',
        startedSeq: seq,
      });
    } else if (endsAttempt(event)) {
      const started = attempts.get(event.step);
      if (started?.attempt === event.attempt) {
        attempts.set(event.step, { ...started, overSeq: seq });
      }
    }
    // The next turn is a new assignment of the same attempt.
    if (event.type === 'StepLost' || event.type === 'StepWaits') {
      fencingToken += 1;
    }
    state = evolve(state, event);
  }
  return {
    seq,
    state,
    fencingToken,
    attempts,
    ended: state !== undefined && isRunEnded(state),
  };
}

function endsAttempt(
  event: RunEvent,
): event is Extract<
  RunEvent,
  { type: 'StepSucceeded' | 'StepFailed' | 'StepLost' | 'StepWaits' }
> {
  return (
    event.type === 'StepSucceeded' ||
    event.type === 'StepFailed' ||
    event.type === 'StepLost' ||
    event.type === 'StepWaits'
  );
}
