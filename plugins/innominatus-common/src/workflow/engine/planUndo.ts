import { JsonObject } from '../../json';
import { InterpolationError } from '../interpolate';
import { interpolateStep } from '../stepScope';
import {
  RunEvent,
  RunState,
  StepDefinition,
  StepState,
  WorkflowDefinition,
} from '../types';
import { indexOf } from './definitionIndex';
import { attemptKey } from './evolveStep';
import { evolve } from './evolve';

/**
 * Why the work of a step is not taken back.
 *
 * @public
 */
export type NotUndoable = 'notStarted' | 'carried' | 'noUndo';

/**
 * What the undo of a run would do with one of its steps.
 *
 * @public
 */
export interface UndoStep {
  step: string;
  type: string;
  /** Absent when the step is undone. */
  obstacle?: { kind: NotUndoable; reason: string };
}

/**
 * What the undo of an ended run would do.
 *
 * @public
 */
export interface UndoPlan {
  /** All steps of the run that can do something, the last one first. */
  steps: UndoStep[];
  /** The workflow of the undo; it has no step when nothing can be undone. */
  definition: WorkflowDefinition;
}

/**
 * Options of {@link planUndo}.
 *
 * @public
 */
export interface PlanUndoOptions {
  /** The journal of the ended run. */
  events: readonly RunEvent[];
  /** Answers why the step type cannot undo what a step with this config did. */
  refuses: (type: string, config: JsonObject) => string | undefined;
}

interface Ran {
  config: JsonObject;
  env: Record<string, string>;
}

/**
 * Turns the journal of an ended run into a workflow that takes its work back:
 * the steps that started, in the opposite order, each with the config it ran
 * with.
 *
 * @remarks
 * The config is that of the moment in which the last attempt started, so it
 * does not matter what later steps made of the variables.
 *
 * @public
 */
export function planUndo(options: PlanUndoOptions): UndoPlan {
  const { state, ran } = replay(options.events);
  const order = [...indexOf(state.definition).order].reverse();
  const steps: UndoStep[] = [];
  const undone: StepDefinition[] = [];
  for (const definition of order) {
    const { name, type } = definition;
    if (definition.children) {
      // It did nothing itself; its items follow.
      continue;
    }
    const obstacle = findObstacle(state.steps[name], {
      ran: ran.get(name),
      type,
      refuses: options.refuses,
    });
    steps.push(
      obstacle ? { step: name, type, obstacle } : { step: name, type },
    );
    if (!obstacle) {
      undone.push(definition);
    }
  }
  const { outputs, onFailure, ...kept } = state.definition;
  return {
    steps,
    definition: {
      ...kept,
      variables: {},
      outputs: {},
      steps: toUndoSteps(undone, { state, ran }),
    },
  };
}

function replay(events: readonly RunEvent[]): {
  state: RunState;
  ran: Map<string, Ran>;
} {
  const ran = new Map<string, Ran>();
  let state: RunState | undefined;
  for (const event of events) {
    const before = state;
    state = evolve(state, event);
    if (event.type === 'StepStarted' && state !== before) {
      const step = indexOf(state.definition).byName.get(event.step);
      if (step) {
        remember(ran, state, step);
      }
    }
  }
  if (state === undefined) {
    throw new Error('The journal of the run is empty.');
  }
  return { state, ran };
}

function remember(
  ran: Map<string, Ran>,
  state: RunState,
  step: StepDefinition,
): void {
  try {
    const { config, env } = interpolateStep(state, step);
    ran.set(step.name, { config, env });
  } catch (error) {
    // The attempt failed on it before it did anything; the one before counts.
    if (!(error instanceof InterpolationError)) {
      throw error;
    }
  }
}

function findObstacle(
  step: StepState,
  options: Pick<PlanUndoOptions, 'refuses'> & {
    ran: Ran | undefined;
    type: string;
  },
): UndoStep['obstacle'] {
  const { ran, type, refuses } = options;
  if (step.carried) {
    return {
      kind: 'carried',
      reason: 'It was taken over from an earlier run; undo that one.',
    };
  }
  if (ran === undefined) {
    return { kind: 'notStarted', reason: 'It did not start.' };
  }
  const reason = refuses(type, ran.config);
  return reason === undefined ? undefined : { kind: 'noUndo', reason };
}

/** Every step waits for the undo of what was built on it. */
function toUndoSteps(
  undone: StepDefinition[],
  options: { state: RunState; ran: Map<string, Ran> },
): StepDefinition[] {
  const { state, ran } = options;
  const dependents = dependentsOf(state.definition);
  const names = new Set(undone.map(step => step.name));
  const cleanUps = undone.filter(step => step.finally).map(step => step.name);
  const stages = new Map<string, number>();
  return undone.map(step => {
    const nearest = nearestDependents(step.name, dependents, names);
    const dependsOn =
      nearest.length === 0 && !step.finally ? cleanUps : nearest;
    const stage = Math.max(
      0,
      ...dependsOn.map(name => (stages.get(name) ?? 0) + 1),
    );
    stages.set(step.name, stage);
    const { name, title, type, timeoutMs, retry } = step;
    const { status, attempt, outputs } = state.steps[name];
    const { config, env } = ran.get(name) as Ran;
    return {
      name,
      ...(title === undefined ? {} : { title }),
      type,
      stage,
      dependsOn,
      when: 'on_success',
      env,
      config,
      setVariables: {},
      timeoutMs,
      retry,
      undo: {
        run: state.input.run,
        status: status as 'succeeded' | 'failed' | 'cancelled',
        keys: Array.from({ length: attempt }, (_, i) =>
          attemptKey(state, name, i + 1),
        ),
        outputs,
      },
    };
  });
}

/** The undoable steps that were built on a step, directly or through others. */
function nearestDependents(
  name: string,
  dependents: ReadonlyMap<string, string[]>,
  undoable: ReadonlySet<string>,
): string[] {
  const found: string[] = [];
  const seen = new Set([name]);
  const open = [name];
  for (const current of open) {
    for (const dependent of dependents.get(current) ?? []) {
      if (seen.has(dependent)) {
        continue;
      }
      seen.add(dependent);
      (undoable.has(dependent) ? found : open).push(dependent);
    }
  }
  return found;
}

function dependentsOf(definition: WorkflowDefinition): Map<string, string[]> {
  const dependents = new Map<string, string[]>();
  for (const step of definition.steps) {
    // What was built on a step with `forEach` was built on its items.
    for (const name of [...step.dependsOn, ...(step.children ?? [])]) {
      dependents.set(name, [...(dependents.get(name) ?? []), step.name]);
    }
  }
  return dependents;
}
