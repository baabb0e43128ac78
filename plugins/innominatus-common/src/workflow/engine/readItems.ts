import {
  isDeeperThan,
  isSecretReference,
  JsonObject,
  JsonValue,
} from '../../json';
import { interpolate, InterpolationError } from '../interpolate';
import { buildScope } from '../stepScope';
import { RunState, StepDefinition, StepError } from '../types';
import { itemStepNames } from './itemNames';

/** Items are part of the journal and of the definition. */
const MAX_ITEMS_LENGTH = 256 * 1024;
const MAX_DEPTH = 64;
/** Every event looks at every step. */
const MAX_STEPS_OF_RUN = 2_000;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

export type Items =
  { items: JsonValue[]; keys?: string[] } | { error: StepError };

/** Works out the items of a step with `forEach` that is ready. */
export function readItems(state: RunState, step: StepDefinition): Items {
  const where = `"forEach" of step "${step.name}"`;
  let value: JsonValue;
  try {
    value = interpolate(
      step.forEach?.items ?? [],
      buildScope(state, step),
      `/steps/${step.name}/forEach`,
    );
  } catch (error) {
    if (error instanceof InterpolationError) {
      return failure('REFERENCE_UNRESOLVED', error.message);
    }
    throw error;
  }
  const found = isSecretReference(value) ? undefined : toItems(value);
  if (found === undefined) {
    return failure(
      'FOREACH_NOT_A_LIST',
      `${where} needs a list or a map, but got ${describe(value)}. A text has to be JSON, for example ["eu", "us"].`,
    );
  }
  const problem = problemOf(state, step, found);
  return problem ? failure('FOREACH_LIMIT', `${where} ${problem}`) : found;
}

/** Outputs that a tool wrote as text are read as JSON. */
function toItems(
  value: JsonValue,
): { items: JsonValue[]; keys?: string[] } | undefined {
  if (Array.isArray(value)) {
    return { items: value };
  }
  if (typeof value === 'string') {
    const parsed = parse(value);
    return typeof parsed === 'string' ? undefined : toItems(parsed);
  }
  return typeof value === 'object' && value !== null
    ? { items: Object.values(value), keys: Object.keys(value) }
    : undefined;
}

function parse(text: string): JsonValue {
  try {
    const parsed = JSON.parse(text) as JsonValue;
    const isObject = typeof parsed === 'object' && !isSecretReference(parsed);
    return isObject ? (parsed as JsonObject | JsonValue[]) : text;
  } catch {
    return text;
  }
}

function problemOf(
  state: RunState,
  step: StepDefinition,
  { items, keys }: { items: JsonValue[]; keys?: string[] },
): string | undefined {
  const most = step.forEach?.maxItems ?? 0;
  if (items.length > most) {
    return `has ${items.length} items, ${most} are allowed. Give it fewer, or split the work over several runs.`;
  }
  const total = state.definition.steps.length + items.length;
  if (total > MAX_STEPS_OF_RUN) {
    return `would bring the run to ${total} steps, ${MAX_STEPS_OF_RUN} are allowed. Give it fewer items, or move the work into a workflow of its own.`;
  }
  if (isDeeperThan(items, MAX_DEPTH)) {
    return `has items that are nested deeper than ${MAX_DEPTH} levels.`;
  }
  if (JSON.stringify(items).length > MAX_ITEMS_LENGTH) {
    return `has items of more than ${MAX_ITEMS_LENGTH} characters in total. Pass names, and look the rest up in the step.`;
  }
  const forbidden = keys?.find(key => FORBIDDEN_KEYS.has(key));
  if (forbidden !== undefined) {
    return `has an item with the key "${forbidden}", which is not allowed.`;
  }
  const taken = itemStepNames(step.name, items.length).find(name =>
    Object.hasOwn(state.steps, name),
  );
  return taken === undefined
    ? undefined
    : `needs the name "${taken}" for one of its items, but another step has it. Rename that step.`;
}

function describe(value: JsonValue): string {
  if (isSecretReference(value)) {
    return 'a secret';
  }
  return value === null ? 'nothing' : `a ${typeof value}`;
}

function failure(code: string, message: string): Items {
  return { error: { code, message, transient: false } };
}
