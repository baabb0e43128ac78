import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { OpenApiSchema } from './types';

const MODELS = path.join(
  path.dirname(require.resolve('@kubernetes/client-node')),
  'gen/models',
);

// A map is written over three lines.
const FIELD = /^ {4}'([^']+)'(\?)?: (\{[^}]+\}|.+);$/gm;
const RELEASE = /OpenAPI spec version: release-(\S+)/;

/**
 * The schema of the release that the Kubernetes client was made from, read out
 * of the declarations of its models. They are generated from the OpenAPI
 * document and say what fields there are, of which type, and which have to be
 * there.
 */
export function readClientSchema(kinds: readonly string[]): OpenApiSchema {
  const definitions: OpenApiSchema['definitions'] = {};
  const keep = (model: string): void => {
    if (Object.hasOwn(definitions, model)) {
      return;
    }
    definitions[model] = {};
    const text = readFileSync(path.join(MODELS, `${model}.d.ts`), 'utf8');
    const properties: Record<string, object> = {};
    const required: string[] = [];
    for (const [, name, optional, type] of text.matchAll(FIELD)) {
      // Names that are words of the language get an underscore in front.
      const key = name.replace(/^_/, '');
      properties[key] = toSchema(type, keep);
      if (!optional) {
        required.push(key);
      }
    }
    definitions[model] = {
      type: 'object',
      properties,
      required,
      additionalProperties: false,
    };
  };
  kinds.forEach(kind => keep(`V1${kind}`));
  const model = readFileSync(path.join(MODELS, 'V1Pod.js'), 'utf8');
  const [, release = 'unknown'] = RELEASE.exec(model) ?? [];
  return { release, kinds: kinds.map(kind => `V1${kind}`), definitions };
}

function toSchema(type: string, keep: (model: string) => void): object {
  const list = /^(?:Array|Set)<(.+)>$/.exec(type);
  if (list) {
    return { type: 'array', items: toSchema(list[1], keep) };
  }
  const map = /^\{\s*\[key: string\]: (.+);\s*\}$/.exec(type);
  if (map) {
    return { type: 'object', additionalProperties: toSchema(map[1], keep) };
  }
  if (['string', 'boolean', 'number'].includes(type)) {
    return { type };
  }
  if (type === 'IntOrString') {
    return { type: ['integer', 'string'] };
  }
  if (/^V\d/.test(type) && existsSync(path.join(MODELS, `${type}.d.ts`))) {
    keep(type);
    return { $ref: `#/definitions/${type}` };
  }
  // Times and what may be anything; nothing that a workload is made of.
  return {};
}
