import { JsonValue } from '../../json';
import { formatDuration, parseDuration } from '../duration';
import { compilePattern } from '../pattern';
import { describeBounds } from './describeBounds';
import { ParameterDefinition } from './types';

type Checked =
  | { ok: true; value: JsonValue }
  | { ok: false; constraint: string; suggestion?: string };

const TRUE_WORDS = new Set(['true', 'yes', '1', 'on']);
const FALSE_WORDS = new Set(['false', 'no', '0', 'off']);

const MAX_LIST_LENGTH = 1_000;

const INTEGER = /^[+-]?\d+$/;

/** Checks a value that is present and brings it into the parameter's type. */
export function checkValue(
  definition: ParameterDefinition,
  value: JsonValue,
): Checked {
  if (definition.type === 'list') {
    return checkList(definition, value);
  }
  if (typeof value === 'object') {
    return {
      ok: false,
      constraint: `value must be a single value of type '${definition.type}'`,
    };
  }
  const text = String(value);
  switch (definition.type) {
    case 'int':
      return checkInt(definition, text);
    case 'bool':
      return checkBool(text);
    case 'duration':
      return checkDuration(definition, text);
    case 'enum':
      return checkAllowed(definition, text);
    default:
      return checkText(definition, text);
  }
}

function checkText(definition: ParameterDefinition, text: string): Checked {
  const matched = checkPattern(definition, text);
  if (!matched.ok) {
    return matched;
  }
  return definition.allowedValues
    ? checkAllowed(definition, text)
    : checkLength(definition, text);
}

/** The bounds of a list are about its texts, see {@link checkList}. */
function checkLength(
  { type, min, max }: ParameterDefinition,
  text: string,
): Checked {
  // As people count, and as JSON Schema does.
  const length = [...text].length;
  if (type === 'string' && min !== undefined && length < min) {
    return {
      ok: false,
      constraint: `value must have at least ${min} characters`,
    };
  }
  return type === 'string' && max !== undefined && length > max
    ? { ok: false, constraint: `value must have at most ${max} characters` }
    : { ok: true, value: text };
}

function checkDuration(definition: ParameterDefinition, text: string): Checked {
  const ms = INTEGER.test(text) ? undefined : parseDuration(text);
  if (ms === undefined) {
    return {
      ok: false,
      constraint: 'invalid duration format',
      suggestion: "write for example '90m', '1h30m', '7d' or '2w'",
    };
  }
  const range = checkRange(definition, ms, 'duration');
  return range ?? checkPattern(definition, text);
}

/** Where only a text can be written, commas stand between the parts. */
function checkList(definition: ParameterDefinition, value: JsonValue): Checked {
  const parts = typeof value === 'string' ? splitList(value) : value;
  if (
    !Array.isArray(parts) ||
    !parts.every(part => typeof part === 'string' || typeof part === 'number')
  ) {
    return {
      ok: false,
      constraint: 'value must be a list of texts',
      suggestion: 'separate them by commas, for example eu,us',
    };
  }
  const texts = parts.map(String);
  const { min, max } = definition;
  if (min !== undefined && texts.length < min) {
    return { ok: false, constraint: `value must have at least ${min} texts` };
  }
  const most = max ?? MAX_LIST_LENGTH;
  if (texts.length > most) {
    return { ok: false, constraint: `value must have at most ${most} texts` };
  }
  for (const [i, text] of texts.entries()) {
    const checked = checkText(definition, text);
    if (!checked.ok) {
      return {
        ...checked,
        // By its place, because the values may be secret.
        constraint: `each ${checked.constraint}; number ${i + 1} does not`,
      };
    }
  }
  return { ok: true, value: texts };
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
}

function checkInt(definition: ParameterDefinition, text: string): Checked {
  const value = Number(text);
  if (!INTEGER.test(text) || !Number.isSafeInteger(value)) {
    return { ok: false, constraint: 'value must be a valid integer' };
  }
  return checkRange(definition, value, 'number') ?? { ok: true, value };
}

/** Answers only what is wrong. */
function checkRange(
  definition: ParameterDefinition,
  value: number,
  noun: 'number' | 'duration',
): Checked | undefined {
  const { min, max } = definition;
  const written = (bound: number) =>
    noun === 'duration' ? formatDuration(bound, { exact: true }) : bound;
  const broken =
    (min !== undefined && value < min && `>= ${written(min)}`) ||
    (max !== undefined && value > max && `<= ${written(max)}`);
  return broken
    ? {
        ok: false,
        constraint: `value must be ${broken}`,
        suggestion: `use a ${noun} ${describeBounds(definition)}`,
      }
    : undefined;
}

function checkBool(text: string): Checked {
  const word = text.toLowerCase();
  if (TRUE_WORDS.has(word)) {
    return { ok: true, value: true };
  }
  return FALSE_WORDS.has(word)
    ? { ok: true, value: false }
    : {
        ok: false,
        constraint: 'value must be a boolean',
        suggestion: 'use true, false, yes, no, on, off, 1 or 0',
      };
}

function checkPattern(definition: ParameterDefinition, text: string): Checked {
  if (definition.pattern === undefined) {
    return { ok: true, value: text };
  }
  const pattern = compilePattern(definition.pattern);
  if (!pattern.ok) {
    return {
      ok: false,
      constraint: `invalid regex pattern: ${pattern.problem}`,
    };
  }
  return pattern.test(text)
    ? { ok: true, value: text }
    : {
        ok: false,
        constraint: `value must match pattern '${definition.pattern}'`,
        suggestion: definition.description,
      };
}

function checkAllowed(definition: ParameterDefinition, text: string): Checked {
  const allowed = definition.allowedValues ?? [];
  if (allowed.length === 0) {
    return {
      ok: false,
      constraint: 'no allowed values defined for enum parameter',
    };
  }
  return allowed.includes(text)
    ? { ok: true, value: text }
    : { ok: false, constraint: `value must be one of: ${allowed.join(', ')}` };
}
