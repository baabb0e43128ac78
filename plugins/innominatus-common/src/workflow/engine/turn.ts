import { RunCommand, RunEvent, RunState } from '../types';
import { evolve } from './evolve';
import { settle } from './settle';

/**
 * Options of {@link takeTurn}.
 *
 * @public
 */
export interface TakeTurnOptions {
  /** Absent before the first event, which is then the first of the inbox. */
  state: RunState | undefined;
  /** What happened since the last turn, in order. */
  inbox: RunEvent[];
  /** Now, on the clock that all workers share. */
  now: number;
  /** Lets nothing new start, for a worker that is about to stop. */
  holdStarts?: boolean;
}

/**
 * Result of {@link takeTurn}.
 *
 * @public
 */
export interface Turn {
  state: RunState;
  /** Events to append, in this order, in one batch. */
  events: RunEvent[];
  /** Attempts whose `StepStarted` is among the events. */
  starts: Array<Extract<RunCommand, { type: 'StartStep' }>>;
  /** What else only the host can do now: cancel steps, set timers. */
  commands: RunCommand[];
}

/**
 * Takes in what happened to a run, with the timers that are due, and carries
 * the decisions on up to the point where a step has to work or something has
 * to happen. What did not change anything is left out of the events.
 *
 * @public
 */
export function takeTurn(options: TakeTurnOptions): Turn {
  const { inbox, now } = options;
  const events: RunEvent[] = [];
  let state = options.state;
  const due = Object.entries(state?.timers ?? {})
    .filter(([, at]) => at <= now)
    .map(([timer]): RunEvent => ({ type: 'TimerFired', at: now, timer }));
  for (const event of [...inbox, ...due]) {
    const next = evolve(state, event);
    if (next !== state) {
      events.push(event);
      state = next;
    }
  }
  if (state === undefined) {
    throw new Error('The first turn of a run needs its "RunStarted" event');
  }
  const carried = carryOn(state, now, options.holdStarts ?? false);
  return { ...carried, events: [...events, ...carried.events] };
}

function carryOn(start: RunState, at: number, holdStarts: boolean): Turn {
  const events: RunEvent[] = [];
  const starts: Turn['starts'] = [];
  let state = start;
  for (;;) {
    const settled = settle(state, at);
    state = settled.state;
    events.push(...settled.events);
    const { commands } = settled;
    const finish = commands.find(command => command.type === 'FinishRun');
    if (finish?.type === 'FinishRun') {
      const { type, ...result } = finish;
      const event: RunEvent = { type: 'RunFinished', at, ...result };
      events.push(event);
      return { state: evolve(state, event), events, starts, commands: [] };
    }
    const before = state;
    for (const command of commands) {
      if (command.type !== 'StartStep' || holdStarts) {
        continue;
      }
      const { step, attempt } = command;
      const event: RunEvent = { type: 'StepStarted', at, step, attempt };
      const next = evolve(state, event);
      if (next !== state) {
        events.push(event);
        state = next;
        starts.push(command);
      }
    }
    if (state === before) {
      return { state, events, starts, commands };
    }
  }
}
