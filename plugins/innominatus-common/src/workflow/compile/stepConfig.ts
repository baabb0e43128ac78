import { joinJsonPointer } from '../../diagnostics';
import { JsonObject, JsonValue } from '../../json';
import { StepTypeInfo } from './options';
import { Report } from './report';
import { schemaKeys } from './schemaKeys';
import { isObject } from './shape';

export const STEP_KEYS = [
  'name',
  'type',
  'title',
  'config',
  'env',
  'dependsOn',
  'parallel',
  'parallelGroup',
  'when',
  'approval',
  'if',
  'unless',
  'timeout',
  'retry',
  'setVariables',
  'outputFile',
  'outputs',
  'forEach',
  'maxParallel',
] as const;

/** Flat keys of the original and `config` become one object. */
export function readConfig(
  value: JsonObject,
  pointer: string,
  info: StepTypeInfo | undefined,
  report: Report,
): { config: JsonObject; configPointer: (key: string | undefined) => string } {
  if (value.config !== undefined && !isObject(value.config)) {
    report.error(
      'WORKFLOW_INVALID',
      `${pointer}/config`,
      '"config" must be an object.',
    );
  }
  const written = isObject(value.config) ? value.config : {};
  const reserved = new Set<string>(STEP_KEYS);
  const wanted = info?.schema && schemaKeys(info.schema);
  if (wanted?.keys.has('outputs')) {
    reserved.delete('outputs');
  }
  const flat = new Map(
    Object.entries(value).filter(([key]) => !reserved.has(key)),
  );
  for (const [key, child] of flat) {
    if (Object.hasOwn(written, key) && !isSame(written[key], child)) {
      report.error(
        'WORKFLOW_KEY_TWICE',
        joinJsonPointer(pointer, key),
        `"${key}" is said twice with different values: at the step and under "config". Keep one.`,
      );
    }
  }
  return {
    config: Object.fromEntries([...flat, ...Object.entries(written)]),
    configPointer: key => {
      if (key !== undefined && flat.has(key) && !Object.hasOwn(written, key)) {
        return joinJsonPointer(pointer, key);
      }
      return joinJsonPointer(
        pointer,
        'config',
        ...(key === undefined ? [] : [key]),
      );
    },
  };
}

function isSame(a: JsonValue, b: JsonValue): boolean {
  if (
    typeof a !== 'object' ||
    typeof b !== 'object' ||
    a === null ||
    b === null
  ) {
    return a === b;
  }
  const keys = Object.keys(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(b).length &&
    keys.every(
      key =>
        Object.hasOwn(b, key) &&
        isSame((a as JsonObject)[key], (b as JsonObject)[key]),
    )
  );
}
