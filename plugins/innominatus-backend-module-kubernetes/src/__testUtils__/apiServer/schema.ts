import { readFileSync } from 'node:fs';
import path from 'node:path';
import { OpenApiSchema } from '../openapi/types';

/** What the double knows of a type, out of the OpenAPI document of a release. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | false;
  items?: Schema;
  required?: string[];
  'x-kubernetes-list-type'?: 'map' | 'set' | 'atomic';
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: 'atomic';
  'x-kubernetes-patch-merge-key'?: string;
  'x-kubernetes-patch-strategy'?: string;
}

const FIXTURE = path.join(
  __dirname,
  '../openapi/__fixtures__/kubernetes-1.20.2.json',
);
const REF = '#/definitions/';

const document: OpenApiSchema = JSON.parse(readFileSync(FIXTURE, 'utf8'));
const definitions = document.definitions as Record<string, Schema>;

export function schemaOf(kind: string): Schema {
  const name = document.kinds.find(known => known.endsWith(`.${kind}`));
  if (name === undefined) {
    throw new Error(`The double has no schema of the kind ${kind}.`);
  }
  return definitions[name];
}

/** What stands behind a reference, with what the place of it adds. */
export function resolveSchema(schema: Schema): Schema {
  const { $ref, ...own } = schema;
  return $ref === undefined
    ? schema
    : { ...definitions[$ref.slice(REF.length)], ...own };
}

export function childOf(schema: Schema, field: string): Schema | undefined {
  const { properties, additionalProperties } = schema;
  return properties?.[field] ?? (additionalProperties || undefined);
}

/** How server-side apply sees a value. */
export type Shape = 'atomic' | 'struct' | 'set' | 'list';

export function shapeOf(schema: Schema, value: unknown): Shape {
  if (Array.isArray(value)) {
    if (keysOf(schema).length > 0) {
      return 'list';
    }
    const isSet =
      schema['x-kubernetes-list-type'] === 'set' ||
      isMerged(schema['x-kubernetes-patch-strategy']);
    return isSet ? 'set' : 'atomic';
  }
  return typeof value === 'object' &&
    value !== null &&
    schema['x-kubernetes-map-type'] !== 'atomic'
    ? 'struct'
    : 'atomic';
}

/** The fields that tell the items of a list apart; none of other lists. */
export function keysOf(schema: Schema): string[] {
  const keys = schema['x-kubernetes-list-map-keys'];
  const mergeKey = schema['x-kubernetes-patch-merge-key'];
  if (keys !== undefined) {
    return [...keys].sort();
  }
  return mergeKey !== undefined &&
    isMerged(schema['x-kubernetes-patch-strategy'])
    ? [mergeKey]
    : [];
}

/**
 * The value of a key that an item leaves out. Fields that have to be there are
 * empty by default; of the others only the protocol of a container has one. The
 * document does not say so, the server does.
 */
export function keyDefault(items: Schema, key: string): unknown {
  const { properties, required } = items;
  if (required?.includes(key)) {
    return properties?.[key]?.type === 'string' ? '' : 0;
  }
  return key === 'protocol' && properties && 'containerPort' in properties
    ? 'TCP'
    : undefined;
}

function isMerged(strategy: string | undefined): boolean {
  return strategy?.split(',').includes('merge') ?? false;
}
