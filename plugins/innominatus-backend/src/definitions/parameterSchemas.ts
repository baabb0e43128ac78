import {
  JsonObject,
  JsonValue,
  compilePattern,
  findPlaceholders,
} from '@innominatus/backstage-plugin-innominatus-common';
import Ajv, { ErrorObject, ValidateFunction } from 'ajv';

const MAX_CACHED = 500;

/**
 * Patterns run in linear time: they meet values of anybody who can deploy.
 * Ajv tells patterns apart by their text.
 */
const regExp = Object.assign(
  (pattern: string) => {
    const compiled = compilePattern(pattern);
    if (!compiled.ok) {
      throw new Error(
        `the pattern ${JSON.stringify(pattern)} cannot be used: ${compiled.problem}`,
      );
    }
    return { test: compiled.test, toString: () => pattern };
  },
  { code: 'compilePattern' },
);

// Schemas come from files of the platform team; remote references are never
// followed, and unknown keywords only warn editors, so they are let through.
function createAjv(): Ajv {
  return new Ajv({
    allErrors: true,
    strict: false,
    verbose: true,
    logger: false,
    validateFormats: false,
    code: { regExp },
  });
}

const cache = new Map<string, ValidateFunction>();

function compile(schema: JsonObject): ValidateFunction {
  const key = JSON.stringify(schema);
  const known = cache.get(key);
  if (known) {
    return known;
  }
  const validate = createAjv().compile(schema);
  if (cache.size >= MAX_CACHED) {
    cache.clear();
  }
  cache.set(key, validate);
  return validate;
}

/** What is wrong with a schema. */
export interface SchemaFinding {
  /** JSON pointer inside the schema. */
  pointer: string;
  message: string;
}

/** Answers what is wrong with a JSON Schema (draft 7). */
export function checkJsonSchema(schema: JsonObject): SchemaFinding[] {
  const ajv = createAjv();
  if (ajv.validateSchema(schema) !== true) {
    const places = new Set<string>();
    return (ajv.errors ?? []).flatMap(({ instancePath, message }) => {
      if (places.has(instancePath)) {
        return [];
      }
      places.add(instancePath);
      return { pointer: instancePath, message: message ?? 'is not valid' };
    });
  }
  try {
    compile(schema);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ pointer: '', message }];
  }
}

/**
 * What is wrong with an output, in words that do not show its value: it may be
 * a secret.
 */
export function checkOutput(schema: JsonObject, value: JsonValue): string[] {
  const validate = compile(schema);
  if (validate(value)) {
    return [];
  }
  return (validate.errors ?? []).map(({ instancePath, message }) =>
    `${instancePath} ${message ?? 'is not valid'}`.trim(),
  );
}

/** What is wrong with one parameter of a resource. */
export interface ParameterFinding {
  /** JSON pointer inside the parameters. */
  pointer: string;
  message: string;
  /** Key that is not known, for a suggestion. */
  unknownKey?: string;
  knownKeys?: string[];
}

/**
 * Checks parameters against the schema of their provider. Values that still
 * hold placeholders are not known yet and pass; they are checked again once
 * they are.
 */
export function checkParameters(
  schema: JsonObject,
  params: JsonObject,
): ParameterFinding[] {
  const validate = compile(schema);
  if (validate(params)) {
    return [];
  }
  return (validate.errors ?? [])
    .filter(error => !hasPlaceholder(error.data as JsonValue))
    .map(toFinding);
}

function hasPlaceholder(value: JsonValue): boolean {
  return typeof value === 'string' && findPlaceholders(value).length > 0;
}

function toFinding(error: ErrorObject): ParameterFinding {
  const pointer = error.instancePath;
  const name = pointer === '' ? 'The parameters' : `"${pointer.slice(1)}"`;
  if (error.keyword === 'additionalProperties') {
    const unknownKey = String(error.params.additionalProperty);
    const known = (error.parentSchema as { properties?: object } | undefined)
      ?.properties;
    return {
      pointer: `${pointer}/${unknownKey.replace(/~/g, '~0').replace(/\//g, '~1')}`,
      message: `The parameter "${unknownKey}" is not known.`,
      unknownKey,
      knownKeys: Object.keys(known ?? {}),
    };
  }
  if (error.keyword === 'enum') {
    const allowed = (error.params.allowedValues as JsonValue[])
      .map(value => JSON.stringify(value))
      .join(', ');
    return { pointer, message: `${name} must be one of ${allowed}.` };
  }
  return { pointer, message: `${name} ${error.message ?? 'is not valid'}.` };
}
