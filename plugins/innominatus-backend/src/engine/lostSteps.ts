import {
  InterruptAction,
  RunEvent,
  RunState,
  StepDefinition,
  evolve,
} from '@innominatus/backstage-plugin-innominatus-common';

/** What was in progress when a worker stopped, with what happens to it. */
export function lostSteps(options: {
  state: RunState;
  at: number;
  interruptAction: (step: StepDefinition | undefined) => InterruptAction;
  /** The worker says so itself, in good order. */
  handedOver?: true;
}): RunEvent[] {
  const { state, at, interruptAction, handedOver } = options;
  const definitions = new Map(
    state.definition.steps.map(step => [step.name, step]),
  );
  return Object.values(state.steps)
    .filter(step => step.status === 'running')
    .map(step => ({
      type: 'StepLost',
      at,
      step: step.name,
      attempt: step.attempt,
      action: interruptAction(definitions.get(step.name)),
      ...(handedOver ? { handedOver } : {}),
    }));
}

/**
 * The last word of a worker that was told to stop: what its steps answered,
 * and that the others are not to blame for not having ended.
 */
export function lastWord(options: {
  before: RunState;
  inbox: RunEvent[];
  at: number;
  interruptAction: (step: StepDefinition | undefined) => InterruptAction;
}): { events: RunEvent[]; state: RunState } {
  const { before, inbox, at, interruptAction } = options;
  const events: RunEvent[] = [];
  let state = before;
  const apply = (event: RunEvent) => {
    const next = evolve(state, event);
    if (next !== state) {
      state = next;
      events.push(event);
    }
  };
  // Signals stay where they are; the next worker reads them.
  inbox.filter(({ type }) => type !== 'Signal').forEach(apply);
  lostSteps({ state, at, interruptAction, handedOver: true }).forEach(apply);
  return { events, state };
}
