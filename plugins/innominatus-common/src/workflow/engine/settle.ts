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
    const skips = commands.filter(command => command.type === 'SkipStep');
    if (skips.length === 0) {
      return { state: current, events, commands };
    }
    const before = current;
    for (const skip of skips) {
      const event: RunEvent = {
        type: 'StepSkipped',
        at,
        step: skip.step,
        status: skip.status,
        reason: skip.reason,
        ...(skip.error ? { error: skip.error } : {}),
      };
      current = evolve(current, event);
      events.push(event);
    }
    if (current === before) {
      throw new Error(
        `The commands for ${skips.length} steps changed nothing, starting with "${skips[0].step}". The definition of the run is not consistent.`,
      );
    }
  }
}
