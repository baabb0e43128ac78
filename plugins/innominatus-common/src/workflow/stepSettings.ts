import { JsonValue } from '../json';
import { formatDuration, parseDuration } from './duration';
import { RunInput, StepDefinition, WorkflowDefinition } from './definition';
import { interpolate, InterpolationError, valueToText } from './interpolate';
import { parseTemplate } from './references';
import { resolvePath, Scope } from './scope';
import { SECRET_TOKEN_PATTERN } from './secretToken';

/** The first attempt included. */
export const MAX_ATTEMPTS = 50;

const LONGEST_TITLE = 200;
const SHOWN_VALUE = 80;

/**
 * What is known of a run before its first step: nothing of steps and resources.
 *
 * @public
 */
export function startScope(
  definition: Pick<WorkflowDefinition, 'optional' | 'variables'>,
  input: Omit<RunInput, 'run' | 'metadata'> &
    Partial<Pick<RunInput, 'run' | 'metadata'>>,
): Scope {
  const { parameters, metadata = {}, environment, run, app } = input;
  return {
    env: {},
    params: parameters,
    optional: definition.optional,
    variables: {},
    workflow: definition.variables,
    steps: {},
    resources: {},
    metadata,
    environment,
    ...(run ? { run: { id: run.id, number: run.number } } : {}),
    app,
  };
}

/**
 * Fills in what has to be known of a step before its run begins: its title,
 * its timeout and its number of attempts.
 *
 * @remarks
 * Answers the same definition when there is nothing to fill in. What cannot be
 * filled in lets the step fail when it is to start; in a title
 * it stays as it is written. A parameter that is optional and not given leaves the default.
 *
 * @param scope - From {@link startScope}.
 *
 * @public
 */
export function settleSteps(
  definition: WorkflowDefinition,
  scope: Scope,
): WorkflowDefinition {
  if (!definition.steps.some(isUnsettled)) {
    return definition;
  }
  const steps = definition.steps.map(step =>
    isUnsettled(step) ? settle(step, scope) : step,
  );
  return { ...definition, steps };
}

function isUnsettled({ title, settings }: StepDefinition): boolean {
  return settings !== undefined || (title?.includes('${') ?? false);
}

function settle(step: StepDefinition, scope: Scope): StepDefinition {
  const { settings = {}, ...rest } = step;
  const settled: StepDefinition = rest;
  if (settled.title !== undefined) {
    settled.title = titleOf(settled.title, scope, step.forEach !== undefined);
  }
  const read = (
    key: 'timeout' | 'attempts',
    pointer: string,
    use: (value: JsonValue) => string | undefined,
  ) => {
    const text = settings[key];
    const problem =
      text === undefined ? undefined : fill(text, scope, { pointer, use });
    if (problem !== undefined) {
      const message = problem.replace(SECRET_TOKEN_PATTERN, '••••');
      settled.settings = {
        // A retry of the run works them out anew.
        ...settings,
        problem: `"${pointer.slice(1)}" of step "${step.name}" has no value that can be used. ${message}`,
      };
    }
  };
  read('timeout', '/timeout', value => {
    const ms = toMs(value);
    const { maxTimeoutMs: most = Infinity } = settings;
    if (ms === undefined) {
      return `${shown(value)} is not a duration such as "90s", "30m" or "1h30m".`;
    }
    if (ms > most) {
      return `${formatDuration(ms)} is longer than the ${formatDuration(most)} that a step may take.`;
    }
    settled.timeoutMs = ms;
    return undefined;
  });
  read('attempts', '/retry', value => {
    const attempts = typeof value === 'string' ? Number(value) : value;
    if (
      !Number.isInteger(attempts) ||
      (attempts as number) < 1 ||
      (attempts as number) > MAX_ATTEMPTS
    ) {
      return `${shown(value)} is not a number of attempts from 1 to ${MAX_ATTEMPTS}.`;
    }
    settled.retry = { ...step.retry, attempts: attempts as number };
    return undefined;
  });
  return settled;
}

/** Answers what is wrong, if anything. */
function fill(
  text: string,
  scope: Scope,
  options: {
    pointer: string;
    use: (value: JsonValue) => string | undefined;
  },
): string | undefined {
  const { pointer, use } = options;
  try {
    const value = interpolate(text, scope, pointer);
    const problem = value === '' ? undefined : use(value);
    return problem && `"${text}": ${problem}`;
  } catch (error) {
    if (error instanceof InterpolationError) {
      return error.message;
    }
    throw error;
  }
}

/** A bare number means seconds, as where it is written out. */
function toMs(value: JsonValue): number | undefined {
  const isBare =
    typeof value === 'number' ||
    (typeof value === 'string' && /^\d+$/.test(value));
  const ms = isBare ? Number(value) * 1_000 : parseDuration(value);
  return ms !== undefined && Number.isSafeInteger(ms) && ms > 0
    ? ms
    : undefined;
}

function shown(value: JsonValue): string {
  return `"${valueToText(value).slice(0, SHOWN_VALUE)}"`;
}

/**
 * Only what is in braces: "$5" is text in a title. In the title of a step with
 * `forEach` the item is still missing, and what was put in stays text.
 */
function titleOf(title: string, scope: Scope, hasItems: boolean): string {
  const text = parseTemplate(title)
    .map(part => {
      if (part.kind !== 'reference') {
        return hasItems ? part.text.replaceAll('$', '$$$$') : part.text;
      }
      const { raw, path, braced } = part.reference;
      const found = braced ? resolvePath(scope, path) : undefined;
      if (!found?.found) {
        return braced || !hasItems ? raw : `$${raw}`;
      }
      const value = valueToText(found.value)
        .replace(SECRET_TOKEN_PATTERN, '••••')
        .slice(0, LONGEST_TITLE);
      return hasItems ? value.replaceAll('$', '$$$$') : value;
    })
    .join('');
  return text.trim() === '' ? title : text;
}
