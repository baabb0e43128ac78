import { z } from 'zod';
import { joinJsonPointer } from '../../diagnostics';
import { JsonObject, JsonValue } from '../../json';
import { isTemplate } from '../references';
import { Report } from './report';
import { schemaKeys } from './schemaKeys';

export interface CheckConfigOptions {
  config: JsonObject;
  schema: z.ZodType;
  /** Where a key of `config` was written: at the step or below `config`. */
  pointerOf: (key: string | undefined) => string;
  stepType: string;
  /** Keys that may be said at the step itself, for suggestions. */
  stepKeys: readonly string[];
}

/**
 * Checks the config of a step. A leaf with references is believed: its value
 * is checked when the step starts.
 */
export function checkConfig(options: CheckConfigOptions, report: Report): void {
  const { config, schema } = options;
  const known = schemaKeys(schema);
  if (known && !known.open) {
    for (const key of Object.keys(config).filter(
      name => !known.keys.has(name),
    )) {
      const pointer = options.pointerOf(key);
      const atStep = !pointer.includes('/config/');
      report.unknownKey({
        pointer,
        key,
        place: `a step of type "${options.stepType}"`,
        known: atStep ? [...known.keys, ...options.stepKeys] : known.keys,
      });
    }
  }
  const result = schema.safeParse(config);
  for (const issue of result.error?.issues ?? []) {
    const unknownAtTop =
      issue.code === 'unrecognized_keys' && issue.path.length === 0;
    if (unknownAtTop || isBelieved(config, issue)) {
      continue;
    }
    const [first, ...rest] = issue.path.map(String);
    report.error(
      'WORKFLOW_CONFIG',
      joinJsonPointer(options.pointerOf(first), ...rest),
      first === undefined
        ? `The config of a step of type "${options.stepType}" is not valid: ${issue.message}.`
        : `"${[first, ...rest].join('.')}" of a step of type "${options.stepType}" is not valid: ${issue.message}.`,
    );
  }
}

function isBelieved(config: JsonObject, issue: z.core.$ZodIssue): boolean {
  let value: JsonValue | undefined = config;
  for (const key of issue.path) {
    if (typeof value === 'string') {
      return isTemplate(value);
    }
    if (typeof value !== 'object' || value === null) {
      return false;
    }
    value = Object.hasOwn(value, key)
      ? (value as JsonObject)[String(key)]
      : undefined;
  }
  if (typeof value === 'string') {
    return isTemplate(value);
  }
  // These judge the whole value, and part of it is not known yet.
  const judgesWhole =
    issue.code === 'invalid_union' ||
    issue.code === 'custom' ||
    issue.code === 'invalid_key';
  return judgesWhole && hasTemplate(value);
}

function hasTemplate(value: JsonValue | undefined): boolean {
  if (typeof value === 'string') {
    return isTemplate(value);
  }
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some(hasTemplate)
  );
}
