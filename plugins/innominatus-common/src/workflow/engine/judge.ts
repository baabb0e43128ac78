import { ConditionSyntaxError, evaluateCondition } from '../condition';
import { buildScope } from '../stepScope';
import { RunCommand, RunState, StepDefinition, StepState } from '../types';
import { ApprovalPolicyError, needsApproval, policyOf } from './approval';
import { DefinitionIndex } from './definitionIndex';
import { isStepEnded, outlastsStop, stopOf } from './status';

type Skip = Omit<Extract<RunCommand, { type: 'SkipStep' }>, 'type' | 'step'>;

/** What should happen to a step that has not started (again) yet. */
export type Verdict =
  | { kind: 'blocked' }
  | { kind: 'approval' }
  | { kind: 'start' }
  | { kind: 'skip'; skip: Skip };

/** A state, or a state in which some steps are already known to be skipped. */
export interface View {
  state: RunState;
  index: DefinitionIndex;
  steps: Record<string, StepState>;
}

/**
 * Order of the questions: is the run being stopped, have the steps before
 * ended, does `when` allow it, then `unless`, then `if`, then the approval.
 */
export function judge(view: View, step: StepDefinition): Verdict {
  const stop = stopOf(view.state);
  if (stop && !stop.force && view.steps[step.name].interrupted === 'resume') {
    // Its work goes on outside; only who is attached to it can end it.
    return { kind: 'start' };
  }
  if (stop && (stop.force || !outlastsStop(view.state, step))) {
    return { kind: 'skip', skip: { status: 'cancelled', reason: stop.reason } };
  }
  if (!mayStart(view, step)) {
    return { kind: 'blocked' };
  }
  if (view.steps[step.name].attempt > 0) {
    return { kind: 'start' };
  }
  const skip = judgeWhen(view, step) ?? judgeConditions(view, step);
  if (skip) {
    return { kind: 'skip', skip };
  }
  return needsApproval(step) && view.steps[step.name].approved === undefined
    ? judgeApproval(view, step)
    : { kind: 'start' };
}

/** Everything the step waits for has ended. */
export function mayStart(view: View, step: StepDefinition): boolean {
  return (
    step.dependsOn.every(name => isStepEnded(view.steps[name])) &&
    (!step.finally ||
      view.index.main.every(({ name }) => isStepEnded(view.steps[name])))
  );
}

function judgeWhen(view: View, step: StepDefinition): Skip | undefined {
  if (step.when === 'always') {
    return undefined;
  }
  const culprit =
    (step.finally ? failureOfRun(view) : undefined) ??
    failureBefore(view, step);
  if (step.when === 'on_failure') {
    return culprit
      ? undefined
      : {
          status: 'skipped',
          reason:
            'Skipped because nothing before it failed and it runs on_failure only.',
        };
  }
  return culprit
    ? {
        status: 'skipped',
        reason: `Skipped because ${culprit}, and this step needs its success.`,
      }
    : undefined;
}

function failureOfRun(view: View): string | undefined {
  const failed = view.index.main.find(
    ({ name }) => view.steps[name].status === 'failed',
  );
  if (failed) {
    return `step "${failed.name}" failed`;
  }
  const stop = stopOf(view.state);
  return stop ? 'the run was stopped' : undefined;
}

/** A failure is felt by everything that comes after it, however it was handled. */
function failureBefore(view: View, step: StepDefinition): string | undefined {
  let names = step.dependsOn;
  const seen = new Set<string>();
  while (names.length > 0) {
    const broken = names.filter(
      name =>
        view.steps[name].status === 'failed' ||
        view.steps[name].status === 'cancelled',
    );
    if (broken.length > 0) {
      const { status, name } = view.steps[broken[0]];
      return `step "${name}" ${status === 'failed' ? 'failed' : 'was cancelled'}`;
    }
    names = names
      .filter(name => view.steps[name].afterFailure)
      .flatMap(name => view.index.byName.get(name)?.dependsOn ?? [])
      .filter(name => !seen.has(name) && seen.add(name));
  }
  return undefined;
}

function judgeConditions(view: View, step: StepDefinition): Skip | undefined {
  if (step.unless === undefined && step.if === undefined) {
    return undefined;
  }
  const { state } = view;
  const scope = buildScope(
    state.steps === view.steps ? state : { ...state, steps: view.steps },
    step,
  );
  for (const [word, text, stops] of [
    ['unless', step.unless, true],
    ['if', step.if, false],
  ] as const) {
    const condition =
      text === undefined ? undefined : view.index.conditions.get(text);
    if (condition === undefined) {
      continue;
    }
    if (condition instanceof ConditionSyntaxError) {
      return conditionFailed(
        `The condition "${word}: ${text}" cannot be read: ${condition.message}`,
      );
    }
    const result = evaluateCondition(condition, scope);
    if (result.problem) {
      return conditionFailed(
        `The condition "${word}: ${text}" has no result: ${result.problem}`,
      );
    }
    if (result.value === stops) {
      return {
        status: 'skipped',
        reason: `Skipped because "${word}: ${text}" is ${result.value}: ${result.because}.`,
      };
    }
  }
  return undefined;
}

/** What cannot be asked fails the step; a question that was asked stands. */
function judgeApproval(view: View, step: StepDefinition): Verdict {
  if (view.steps[step.name].status === 'waiting') {
    return { kind: 'approval' };
  }
  try {
    policyOf({ ...view.state, steps: view.steps }, step);
    return { kind: 'approval' };
  } catch (error) {
    if (!(error instanceof ApprovalPolicyError)) {
      throw error;
    }
    const { code, message } = error;
    return {
      kind: 'skip',
      skip: {
        status: 'failed',
        reason: message,
        error: { code, message, transient: false },
      },
    };
  }
}

function conditionFailed(message: string): Skip {
  return {
    status: 'failed',
    reason: message,
    error: { code: 'CONDITION_INVALID', message, transient: false },
  };
}
