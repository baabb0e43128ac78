import { joinJsonPointer } from '../../diagnostics';
import { valueToText } from '../interpolate';
import { JsonObject, JsonValue } from '../../json';
import { Report } from '../compile/report';
import { isObject } from '../compile/shape';
import { formatDuration, parseDuration } from '../duration';
import { compilePattern } from '../pattern';
import { checkValue } from './checkValue';
import { ParameterDefinition, ParameterType } from './types';

const MAX_PARAMETERS = 100;
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const TYPES: Record<string, ParameterType> = {
  '': 'string',
  string: 'string',
  int: 'int',
  integer: 'int',
  bool: 'bool',
  boolean: 'bool',
  duration: 'duration',
  enum: 'enum',
  list: 'list',
};
const KEYS = [
  'name',
  'type',
  'title',
  'description',
  'required',
  'default',
  'pattern',
  'allowedValues',
  'min',
  'max',
  'secret',
];
/** Keys of parameters in earlier files. */
export const RENAMED_PARAMETER: Record<string, string> = {
  allowed_values: 'allowedValues',
  enum: 'allowedValues',
};

/** Reads `parameters`: an object by name, or a list of objects with names. */
export function readParameters(
  found: { value: JsonValue; pointer: string } | undefined,
  report: Report,
): ParameterDefinition[] {
  if (found === undefined || found.value === null) {
    return [];
  }
  const { value, pointer } = found;
  if (typeof value !== 'object') {
    report.error(
      'WORKFLOW_PARAMETER',
      pointer,
      '"parameters" must be an object by name, or a list.',
    );
    return [];
  }
  const entries = Array.isArray(value)
    ? value.map((item, i) => ({
        name: isObject(item) ? item.name : undefined,
        item,
        at: `${pointer}/${i}`,
      }))
    : Object.entries(value).map(([name, item]) => ({
        name,
        item,
        at: joinJsonPointer(pointer, name),
      }));
  if (entries.length > MAX_PARAMETERS) {
    report.error(
      'WORKFLOW_PARAMETER',
      pointer,
      `There are ${entries.length} parameters, ${MAX_PARAMETERS} are allowed.`,
    );
    return [];
  }
  const result: ParameterDefinition[] = [];
  for (const { name, item, at } of entries) {
    if (typeof name !== 'string' || !NAME.test(name)) {
      report.error(
        'WORKFLOW_PARAMETER',
        at,
        `The parameter name ${JSON.stringify(name)} cannot be used.`,
        [
          'Start with a letter, then letters, digits, "-" and "_", at most 63 characters.',
        ],
      );
    } else if (result.some(other => other.name === name)) {
      report.error(
        'WORKFLOW_PARAMETER',
        at,
        `The parameter "${name}" is declared twice.`,
      );
    } else if (item !== null && !isObject(item)) {
      report.error(
        'WORKFLOW_PARAMETER',
        at,
        `The parameter "${name}" must be an object with "type".`,
      );
    } else {
      result.push(readParameter(name, item ?? {}, at, report));
    }
  }
  return result;
}

function readParameter(
  name: string,
  written: JsonObject,
  pointer: string,
  report: Report,
): ParameterDefinition {
  const fields = canonicalFields(written, name, pointer, report);
  const problem = (key: string, message: string, suggestions?: string[]) =>
    report.error(
      'WORKFLOW_PARAMETER',
      joinJsonPointer(pointer, ...(key === '' ? [] : [key])),
      `The parameter "${name}": ${message}`,
      suggestions,
    );
  const type =
    typeof fields.type === 'string'
      ? fields.type.toLowerCase()
      : (fields.type ?? '');
  const isKnown = typeof type === 'string' && Object.hasOwn(TYPES, type);
  if (!isKnown) {
    problem(
      'type',
      `unsupported parameter type '${valueToText(fields.type ?? '')}'.`,
      ['Use one of: string, int, bool, duration, enum, list.'],
    );
  }
  const definition: ParameterDefinition = {
    name,
    type: isKnown ? TYPES[type] : 'string',
    required: fields.required === true,
  };
  for (const key of ['title', 'description', 'pattern'] as const) {
    const text = fields[key];
    if (typeof text === 'string') {
      definition[key] = text;
    } else if (text !== undefined) {
      problem(key, `"${key}" must be a text.`);
    }
  }
  for (const key of ['required', 'secret'] as const) {
    if (fields[key] !== undefined && typeof fields[key] !== 'boolean') {
      problem(key, `"${key}" must be true or false.`);
    }
  }
  if (fields.secret === true) {
    definition.secret = true;
  }
  readBounds(definition, fields, problem);
  const allowed = fields.allowedValues;
  if (
    Array.isArray(allowed) &&
    allowed.every(value => typeof value !== 'object')
  ) {
    definition.allowedValues = allowed.map(String);
  } else if (allowed !== undefined) {
    problem('allowedValues', '"allowedValues" must be a list of texts.');
  }
  checkConsistency(definition, problem);
  readDefault(definition, fields.default, problem);
  return definition;
}

function readBounds(
  definition: ParameterDefinition,
  fields: JsonObject,
  problem: Problem,
): void {
  const isDuration = definition.type === 'duration';
  const isBool = definition.type === 'bool' || definition.type === 'enum';
  for (const key of ['min', 'max'] as const) {
    const written = fields[key];
    const bound = isDuration ? readDurationBound(written) : written;
    if (written === undefined) {
      continue;
    }
    if (isBool) {
      problem(key, `"${key}" means nothing for the type ${definition.type}.`);
    } else if (
      Number.isSafeInteger(bound) &&
      (definition.type === 'int' || Number(bound) >= 0)
    ) {
      definition[key] = bound as number;
    } else {
      problem(
        key,
        isDuration
          ? `"${key}" must be a duration such as "1h" or "14d".`
          : `"${key}" must be a whole number${definition.type === 'int' ? '' : ' from 0'}.`,
      );
    }
  }
}

/** With a unit, like the values that it bounds. */
function readDurationBound(written: JsonValue | undefined): number | undefined {
  return typeof written === 'string' && !/^\d+$/.test(written.trim())
    ? parseDuration(written)
    : undefined;
}

function canonicalFields(
  written: JsonObject,
  name: string,
  pointer: string,
  report: Report,
): JsonObject {
  const fields: JsonObject = {};
  for (const [key, value] of Object.entries(written)) {
    const at = joinJsonPointer(pointer, key);
    if (Object.hasOwn(RENAMED_PARAMETER, key)) {
      report.info(
        'WORKFLOW_LEGACY_FORM',
        at,
        `The canonical form of "${key}" is "${RENAMED_PARAMETER[key]}".`,
      );
      fields[RENAMED_PARAMETER[key]] = value;
    } else if (KEYS.includes(key)) {
      fields[key] = value;
    } else {
      report.unknownKey({
        pointer: at,
        key,
        place: `the parameter "${name}"`,
        known: KEYS,
      });
    }
  }
  return fields;
}

type Problem = (key: string, message: string, suggestions?: string[]) => void;

function checkConsistency(
  definition: ParameterDefinition,
  problem: Problem,
): void {
  const { type, pattern, min, max } = definition;
  if (pattern !== undefined) {
    const compiled = compilePattern(pattern);
    if (!compiled.ok) {
      problem('pattern', `invalid regex pattern: ${compiled.problem}.`);
    }
  }
  if (min !== undefined && max !== undefined && min > max) {
    const [least, most] = [min, max].map(bound =>
      type === 'duration' ? formatDuration(bound, { exact: true }) : bound,
    );
    problem('min', `"min" (${least}) cannot be more than "max" (${most}).`);
  }
  if (type === 'enum' && !definition.allowedValues?.length) {
    problem('', 'no allowed values defined for enum parameter.', [
      'Add "allowedValues".',
    ]);
  }
}

/** Defaults were always texts in older files; they take the type here. */
function readDefault(
  definition: ParameterDefinition,
  value: JsonValue | undefined,
  problem: Problem,
): void {
  if (
    value === undefined ||
    value === null ||
    (value === '' && definition.type !== 'string')
  ) {
    return;
  }
  if (value === '') {
    definition.default = '';
    return;
  }
  const checked = checkValue(definition, value);
  if (checked.ok) {
    definition.default = checked.value;
  } else {
    problem(
      'default',
      `the default ${JSON.stringify(value)} is not valid: ${checked.constraint}.`,
    );
  }
}
