import { z } from 'zod';
import { JsonObject } from '../json';
import { scoreSchema } from './schema';

type Property = { properties: Record<string, JsonObject> };

/**
 * The JSON Schema (2020-12) of a Score spec as people may write it, the
 * deprecated list forms of `files` and `volumes` included.
 *
 * @public
 */
export const scoreJsonSchema: JsonObject = withDeprecatedLists(
  z.toJSONSchema(scoreSchema) as JsonObject,
);

function withDeprecatedLists(schema: JsonObject): JsonObject {
  const { containers } = (schema as unknown as Property).properties;
  const { properties } = containers.additionalProperties as unknown as Property;
  for (const key of ['files', 'volumes']) {
    const { additionalProperties, ...map } = properties[key];
    const item = additionalProperties as JsonObject;
    properties[key] = {
      ...map,
      type: ['object', 'array'],
      additionalProperties: item,
      items: {
        ...item,
        properties: {
          target: {
            type: 'string',
            deprecated: true,
            description: 'Target path; only in the deprecated list form.',
          },
          ...(item.properties as JsonObject),
        },
      },
    };
  }
  return { $id: 'https://score.dev/schemas/score', ...schema };
}
