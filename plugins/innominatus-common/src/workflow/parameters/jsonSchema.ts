import { JsonObject } from '../../json';
import { describeBounds } from './describeBounds';
import { ParameterDefinition } from './types';

/** What a browser can check of a duration; the backend checks it in full. */
const DURATION_PATTERN =
  '^((\\d+(\\.\\d+)?(ms|s|m|h|d|w))+|P(\\d+(\\.\\d+)?[WD])*(T(\\d+(\\.\\d+)?[HMS])+)?)$';

/**
 * Describes parameters as a JSON Schema (draft 7) for forms.
 *
 * @public
 */
export function parametersToJsonSchema(
  definitions: readonly ParameterDefinition[],
): JsonObject {
  const required = definitions
    .filter(
      definition => definition.required && definition.default === undefined,
    )
    .map(definition => definition.name);
  return {
    type: 'object',
    properties: Object.fromEntries(
      definitions.map(definition => [definition.name, toSchema(definition)]),
    ),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

function toSchema(definition: ParameterDefinition): JsonObject {
  const { allowedValues, pattern, min, max } = definition;
  const schema: JsonObject = {
    type: 'string',
    title: definition.title ?? definition.name,
  };
  if (definition.description !== undefined) {
    schema.description = definition.description;
  }
  if (definition.default !== undefined) {
    schema.default = definition.default;
  }
  switch (definition.type) {
    case 'int':
      schema.type = 'integer';
      if (min !== undefined) {
        schema.minimum = min;
      }
      if (max !== undefined) {
        schema.maximum = max;
      }
      break;
    case 'bool':
      schema.type = 'boolean';
      break;
    case 'duration':
      schema.pattern = isBrowserPattern(pattern) ? pattern : DURATION_PATTERN;
      addBoundsToDescription(schema, definition);
      break;
    case 'list':
      schema.type = 'array';
      schema.items = {
        type: 'string',
        ...(allowedValues === undefined ? {} : { enum: allowedValues }),
        ...(isBrowserPattern(pattern) ? { pattern } : {}),
      };
      if (allowedValues !== undefined) {
        schema.uniqueItems = true;
      }
      if (min !== undefined) {
        schema.minItems = min;
      }
      if (max !== undefined) {
        schema.maxItems = max;
      }
      break;
    default:
      if (allowedValues !== undefined) {
        schema.enum = allowedValues;
      }
      if (definition.type === 'string' && isBrowserPattern(pattern)) {
        schema.pattern = pattern;
      }
      if (definition.type === 'string' && allowedValues === undefined) {
        addLengths(schema, definition);
      }
  }
  if (
    definition.required &&
    schema.type === 'string' &&
    allowedValues === undefined
  ) {
    schema.minLength = Math.max(1, Number(schema.minLength ?? 1));
  }
  if (definition.secret) {
    schema.writeOnly = true;
    schema['ui:widget'] = 'password';
  }
  return schema;
}

/** Forms have no words for the bounds of a duration; people can read them. */
function addBoundsToDescription(
  schema: JsonObject,
  definition: ParameterDefinition,
): void {
  const bounds = describeBounds(definition);
  if (bounds !== '') {
    const sentence = `${bounds[0].toUpperCase()}${bounds.slice(1)}.`;
    const before = definition.description?.trim().replace(/([^.!?])$/, '$1.');
    schema.description = before ? `${before} ${sentence}` : sentence;
  }
}

function addLengths(schema: JsonObject, definition: ParameterDefinition): void {
  const { min, max, required } = definition;
  // An empty text stands for none, which is right unless one is required.
  if (min !== undefined && required) {
    schema.minLength = min;
  }
  if (max !== undefined) {
    schema.maxLength = max;
  }
}

/** RE2 knows things that a browser does not, for example `(?i)`. */
function isBrowserPattern(pattern: string | undefined): pattern is string {
  if (pattern === undefined) {
    return false;
  }
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
