import { z } from 'zod';
import { ResourceManagement } from '../api/types';
import { JsonObject, JsonValue } from '../json';
import { priceSchema } from '../costs/priceSchema';
import { definitionName, shortText, text } from './names';
import { healthCheckSchema } from './life';

const typeName = z
  .string()
  .max(63)
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/,
    "expected letters, digits, '.', '_' and '-'",
  );

/** `major.minor.patch` with the two optional parts of semver.org. */
const SEMANTIC_VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

/** Ref of a group in the catalog; answered in full. */
const groupRef = shortText
  .regex(
    /^(group:)?([a-z0-9._-]+\/)?[a-z0-9._-]+$/i,
    "expected a group of the catalog such as 'group:default/platform-team'",
  )
  .transform(ref => {
    const [namespace, name] = /^(?:group:)?(?:([^/]+)\/)?(.+)$/i
      .exec(ref.toLowerCase())!
      .slice(1);
    return `group:${namespace ?? 'default'}/${name}`;
  });

const json: z.ZodType<JsonValue> = z.json();
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

const apiVersion = z.literal('innominatus.dev/v1');

const operation = z.strictObject({
  workflow: definitionName.optional(),
  values: jsonObject.optional(),
});

const hint = z.strictObject({
  type: z.enum([
    'url',
    'dashboard',
    'command',
    'connection_string',
    'docs',
    'text',
  ]),
  label: shortText,
  value: text,
});

const output = z.strictObject({
  name: z
    .string()
    .max(63)
    .regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'expected a name such as host'),
  description: text.optional(),
  sensitive: z.boolean().default(false),
  schema: jsonObject.optional(),
});

const resourceType = z.strictObject({
  type: typeName,
  aliases: z.array(typeName).default([]),
  class: typeName.optional(),
  id: typeName.optional(),
  environments: z
    .strictObject({
      names: z.array(shortText).default([]),
      types: z.array(shortText).default([]),
      targets: z
        .array(z.enum(['simulate', 'kubernetes', 'folder', 'git']))
        .default([]),
    })
    .prefault({}),
  description: text.optional(),
  management: z.enum(ResourceManagement).optional(),
  parameters: jsonObject.optional(),
  cost: priceSchema.optional(),
  outputs: z.array(output).default([]),
  values: jsonObject.optional(),
  hints: z.array(hint).default([]),
  operations: z
    .strictObject({
      create: operation.optional(),
      update: operation.optional(),
      delete: operation.optional(),
      read: operation.optional(),
    })
    .prefault({}),
  healthCheck: healthCheckSchema.optional(),
  manifests: z
    .array(
      z.looseObject({
        apiVersion: shortText,
        kind: shortText,
      }),
    )
    .default([]),
});

export const providerSchema = z.strictObject({
  apiVersion,
  kind: z.literal('Provider'),
  metadata: z.strictObject({
    name: definitionName,
    title: shortText.optional(),
    description: text.optional(),
    version: z
      .string()
      .max(64)
      .regex(SEMANTIC_VERSION, "expected a semantic version such as '1.0.0'"),
    owner: groupRef.optional(),
  }),
  spec: z.strictObject({
    compatibility: shortText.optional(),
    resourceTypes: z.array(resourceType).min(1).max(200),
  }),
});
