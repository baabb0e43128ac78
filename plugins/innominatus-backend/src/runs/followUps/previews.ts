import {
  CarryOver,
  JsonObject,
  RetryPreview,
  RunState,
  StepDefinition,
  UndoPlan,
  UndoPreview,
} from '@innominatus/backstage-plugin-innominatus-common';
import { createHash } from 'node:crypto';
import { readStepConfig } from '../../engine/stepConfig';
import { StepTypeRegistry } from '../../stepTypes/StepTypeRegistry';

type Steps = Pick<StepTypeRegistry, 'get'>;

interface PreviewOptions {
  runId: string;
  state: RunState;
  stepTypes: Steps;
  /** Why it is not allowed. */
  reason: string | undefined;
}

export function toRetryPreview(
  options: PreviewOptions & { from?: string; plan: CarryOver },
): RetryPreview {
  const { runId, state, stepTypes, from, plan, reason } = options;
  const startedBefore = new Set(plan.startedBefore);
  const again = plan.again.map(name => ({
    ...describe(name, state, stepTypes),
    startedBefore: startedBefore.has(name),
  }));
  return {
    version: versionOf(['retry', runId, from ?? null, plan.kept, again]),
    ...(from === undefined ? {} : { from }),
    kept: plan.kept,
    again,
    acknowledge: again
      .filter(step => step.startedBefore && step.effects === 'external')
      .map(({ step }) => step),
    ...toAllowed(reason),
  };
}

export function toUndoPreview(
  options: PreviewOptions & { plan: UndoPlan },
): UndoPreview {
  const { runId, state, stepTypes, plan, reason } = options;
  const steps = plan.steps.map(({ step, obstacle }) => ({
    ...describe(step, state, stepTypes),
    undoable: obstacle === undefined,
    ...(obstacle ? { obstacle: obstacle.kind, reason: obstacle.reason } : {}),
  }));
  const none = `No step of run ${state.input.run.number} can be undone.`;
  return {
    version: versionOf(['undo', runId, steps]),
    steps,
    acknowledge: steps
      .filter(step => step.undoable && step.effects === 'external')
      .map(({ step }) => step),
    ...toAllowed(
      reason ?? (steps.some(step => step.undoable) ? undefined : none),
    ),
  };
}

/** Why a step of this type and config cannot be undone. */
export function undoRefusal(
  stepTypes: Steps,
  type: string,
  config: JsonObject,
): string | undefined {
  const stepType = stepTypes.get(type);
  if (!stepType) {
    return `Step type "${type}" is not installed.`;
  }
  if (!stepType.undo) {
    return `Steps of type "${type}" cannot be undone.`;
  }
  let checked: unknown;
  try {
    checked = readStepConfig(stepType, config);
  } catch {
    return 'Its config is not valid, so there is nothing to undo.';
  }
  return stepType.undoObstacle?.(checked);
}

/** What is shown as one step; of a type that is gone the worst is assumed. */
function describe(name: string, state: RunState, stepTypes: Steps) {
  const { title, type } = state.definition.steps.find(
    step => step.name === name,
  ) as StepDefinition;
  return {
    step: name,
    ...(title === undefined ? {} : { title }),
    type,
    effects: stepTypes.get(type)?.effects ?? ('external' as const),
  };
}

function toAllowed(reason: string | undefined) {
  return reason === undefined ? { allowed: true } : { allowed: false, reason };
}

/** The same for everybody who sees the same. */
function versionOf(content: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(content))
    .digest('hex')
    .slice(0, 16);
}
