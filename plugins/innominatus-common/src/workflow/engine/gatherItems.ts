import { JsonValue } from '../../json';
import { InterpolationError } from '../interpolate';
import { interpolateSetVariables } from '../stepScope';
import { RunState, StepDefinition, StepError, StepState } from '../types';

const MAX_OUTPUTS_LENGTH = 1024 * 1024;

/** How a step with `forEach` ends. */
export interface GatheredItems {
  status: 'succeeded' | 'failed' | 'cancelled';
  outputs?: Record<string, JsonValue>;
  variables?: Record<string, JsonValue>;
  error?: StepError;
  skipReason?: string;
}

/**
 * What became of a step with `forEach` when the steps of all items have ended:
 * one that failed fails it; then one that was cancelled; else its output
 * `items` is the list, or the map, of their outputs.
 */
export function gatherItems(
  state: RunState,
  parent: StepDefinition,
): GatheredItems {
  const { children = [], childKeys } = parent;
  const steps = children.map(name => state.steps[name]);
  const failed = steps.filter(step => step.status === 'failed');
  if (failed.length > 0) {
    return fail('FOREACH_FAILED', messageOf(failed, steps.length));
  }
  const cancelled = steps.find(step => step.status === 'cancelled');
  if (cancelled) {
    return { status: 'cancelled', skipReason: cancelled.skipReason };
  }
  const outputs = steps.map(step => step.outputs);
  const length = JSON.stringify(outputs).length;
  if (length > MAX_OUTPUTS_LENGTH) {
    return fail(
      'OUTPUT_TOO_LARGE',
      `The outputs of the ${steps.length} items of step "${parent.name}" have ${length} characters, ${MAX_OUTPUTS_LENGTH} are allowed. Write larger things as artifacts.`,
    );
  }
  return succeed(state, parent, {
    items: childKeys
      ? Object.fromEntries(childKeys.map((key, i) => [key, outputs[i]]))
      : outputs,
  });
}

function succeed(
  state: RunState,
  parent: StepDefinition,
  outputs: Record<string, JsonValue>,
): GatheredItems {
  if (Object.keys(parent.setVariables).length === 0) {
    return { status: 'succeeded', outputs };
  }
  try {
    const variables = interpolateSetVariables({ state, step: parent, outputs });
    return { status: 'succeeded', outputs, variables };
  } catch (error) {
    if (error instanceof InterpolationError) {
      return fail('REFERENCE_UNRESOLVED', error.message);
    }
    throw error;
  }
}

function messageOf(failed: StepState[], total: number): string {
  const [first] = failed;
  const why = first.error ? `: ${first.error.message}` : '.';
  return `${failed.length} of ${total} items failed, first "${first.name}"${why}`;
}

function fail(code: string, message: string): GatheredItems {
  return { status: 'failed', error: { code, message, transient: false } };
}
