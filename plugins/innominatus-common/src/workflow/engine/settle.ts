import { RunCommand, RunEvent, RunState } from '../types';
import { decide } from './decide';
import { evolve } from './evolve';

/**
 * Result of {@link settle}.
 *
 * @public
 */
export interface Settled {
  state: RunState;
  /** Events to append, in this order, right after the one that led here. */
  events: RunEvent[];
  /** What only the host can do: start and cancel steps, set timers, finish the run. */
  commands: RunCommand[];
}

/**
 * Carries out the commands that need nothing from outside, until none is
 * left.
 *
 * @public
 */
export function settle(state: RunState, at: number): Settled {
  const events: RunEvent[] = [];
  let current = state;
  for (;;) {
    const commands = decide(current);
    const inside = commands.filter(
      command => command.type === 'SkipStep' || command.type === 'ExpandStep',
    );
    if (inside.length === 0) {
      return { state: current, events, commands };
    }
    const before = current;
    for (const command of inside) {
      const event = toEvent(command, at);
      current = evolve(current, event);
      events.push(event);
    }
    if (current === before) {
      throw new Error(
        `The commands for ${inside.length} steps changed nothing, starting with "${inside[0].step}". The definition of the run is not consistent.`,
      );
    }
  }
}

function toEvent(
  command: Extract<RunCommand, { type: 'SkipStep' | 'ExpandStep' }>,
  at: number,
): RunEvent {
  const { step } = command;
  if (command.type === 'ExpandStep') {
    const { items, keys } = command;
    return { type: 'StepExpanded', at, step, items, ...(keys ? { keys } : {}) };
  }
  const { status, reason, error } = command;
  return {
    type: 'StepSkipped',
    at,
    step,
    status,
    reason,
    ...(error ? { error } : {}),
  };
}
