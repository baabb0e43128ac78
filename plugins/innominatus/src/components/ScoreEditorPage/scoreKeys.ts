import {
  JsonObject,
  JsonValue,
  scoreJsonSchema,
} from '@innominatus/backstage-plugin-innominatus-common';

/** A key that may stand at a place of a Score file. */
export interface ScoreKey {
  key: string;
  description?: string;
}

/** The keys above a line, from the root, told by how lines are indented. */
export function pathAt(lines: readonly string[], index: number): string[] {
  const path: string[] = [];
  let indent = indentOf(lines[index] ?? '');
  for (let i = index - 1; i >= 0 && indent > 0; i--) {
    const match = /^(\s*)(?:"([^"]+)"|'([^']+)'|([^\s#:'"-][^:]*)):(\s|$)/.exec(
      lines[i],
    );
    if (match && match[1].length < indent) {
      indent = match[1].length;
      path.unshift(match[2] ?? match[3] ?? match[4]);
    }
  }
  return path;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** What the schema of Score offers below a path. */
export function keysAt(path: readonly string[]): ScoreKey[] {
  let schemas: JsonObject[] = [scoreJsonSchema];
  for (const key of path) {
    schemas = schemas.flatMap(schema => below(schema, key));
  }
  const keys = new Map<string, ScoreKey>();
  for (const schema of schemas.flatMap(alternatives)) {
    for (const [key, value] of Object.entries(mapOf(schema.properties))) {
      const { description } = mapOf(value);
      keys.set(key, {
        key,
        description: typeof description === 'string' ? description : undefined,
      });
    }
  }
  return [...keys.values()];
}

function below(schema: JsonObject, key: string): JsonObject[] {
  return alternatives(schema).flatMap(each => {
    const named = mapOf(each.properties)[key];
    const found = named ?? each.additionalProperties;
    return typeof found === 'object' && found !== null && !Array.isArray(found)
      ? [found]
      : [];
  });
}

function alternatives(schema: JsonObject): JsonObject[] {
  const others = ['anyOf', 'oneOf', 'allOf'].flatMap(word => {
    const list = schema[word];
    return Array.isArray(list) ? list.map(mapOf).flatMap(alternatives) : [];
  });
  return [schema, ...others];
}

function mapOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value
    : {};
}
