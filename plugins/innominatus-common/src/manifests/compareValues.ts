import { canonicalJson } from '../definitions/canonicalJson';
import { JsonValue } from '../json';

/**
 * One field that differs.
 *
 * @public
 */
export interface ValueChange {
  /** Names and indexes, joined by dots. */
  path: string;
  before?: JsonValue;
  after?: JsonValue;
}

/**
 * The leaves that differ, in the order of their paths.
 *
 * @public
 */
export function compareValues(
  before: JsonValue,
  after: JsonValue,
): ValueChange[] {
  const old = new Map(leaves(before, ''));
  const changes: ValueChange[] = [];
  for (const [path, value] of leaves(after, '')) {
    const previous = old.get(path);
    if (!old.has(path)) {
      changes.push({ path, after: value });
    } else if (canonicalJson(previous) !== canonicalJson(value)) {
      changes.push({ path, before: previous, after: value });
    }
    old.delete(path);
  }
  for (const [path, value] of old) {
    changes.push({ path, before: value });
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function leaves(value: JsonValue, path: string): Array<[string, JsonValue]> {
  if (typeof value !== 'object' || value === null) {
    return [[path, value]];
  }
  const entries = Object.entries(value);
  if (entries.length === 0 && path !== '') {
    return [[path, value]];
  }
  return entries.flatMap(([key, child]) =>
    leaves(child, path === '' ? key : `${path}.${key}`),
  );
}
