import { isMap, isScalar, isSeq, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import {
  isNothing,
  keyOf,
  mapAt,
  namedMaps,
  renameKey,
  Rewriting,
  sourceOf,
} from './yamlEdit';

const MAY_BE_NOTHING = [
  'command',
  'args',
  'env',
  'variables',
  'files',
  'volumes',
  'resources',
  'livenessProbe',
  'readinessProbe',
  'before',
];

/** Rewrites one container of a Score spec into the canonical form. */
export function migrateContainer(
  container: YAMLMap,
  name: string,
  rewriting: Rewriting,
): void {
  const place = `containers.${name}`;
  const { changes } = rewriting;
  for (const key of MAY_BE_NOTHING) {
    if (container.has(key) && isNothing(container.get(key, true))) {
      container.delete(key);
      changes.push(`Removed "${place}.${key}", which is empty.`);
    }
  }
  takeEnv(container, place, rewriting);
  quoteVariables(container, place, rewriting);
  for (const kind of ['files', 'volumes']) {
    const list = container.get(kind);
    if (isSeq(list)) {
      const map = asMap(list);
      if (map !== undefined) {
        container.set(kind, map);
        changes.push(
          `Turned the list "${place}.${kind}" into a map by target.`,
        );
      }
    }
    for (const [target, entry] of namedMaps(mapAt(container, kind))) {
      migrateEntry(entry, `${place}.${kind}["${target}"]`, rewriting);
    }
  }
}

/** The original wrote variables under `env`, as a map or as a list of pairs. */
function takeEnv(
  container: YAMLMap,
  place: string,
  { changes }: Rewriting,
): void {
  const env = container.get('env');
  const pairs = isMap(env) ? env.items : pairsOf(env);
  if (pairs === undefined) {
    return;
  }
  const variables = mapAt(container, 'variables');
  if (variables === undefined && !container.has('variables')) {
    const map = isMap(env) ? env : new YAMLMap();
    map.items = pairs;
    container.set('env', map);
    renameKey(container, 'env', 'variables');
    changes.push(`Renamed "${place}.env" to "variables".`);
  } else if (
    variables !== undefined &&
    !pairs.some(pair => variables.has(pair.key))
  ) {
    variables.items.push(...pairs);
    container.delete('env');
    changes.push(`Moved "${place}.env" into "variables".`);
  }
}

function pairsOf(list: unknown): Pair[] | undefined {
  if (!isSeq(list)) {
    return undefined;
  }
  const pairs = list.items.map(item =>
    isMap(item) &&
    typeof item.get('name') === 'string' &&
    isScalar(item.get('value', true))
      ? new Pair(new Scalar(item.get('name')), item.get('value', true))
      : undefined,
  );
  return pairs.every(pair => pair !== undefined) ? pairs : undefined;
}

/** `DEBUG: true` is a truth value in YAML; a variable is always a text. */
function quoteVariables(
  container: YAMLMap,
  place: string,
  { changes }: Rewriting,
): void {
  for (const pair of mapAt(container, 'variables')?.items ?? []) {
    const { value } = pair;
    if (isScalar(value) && typeof value.value !== 'string') {
      const text = isNothing(value) ? '' : sourceOf(value);
      pair.value = quoted(text, value);
      changes.push(`Quoted "${place}.variables.${keyOf(pair)}": "${text}".`);
    }
  }
}

/** By `target`; nothing when an entry has none or two have the same. */
function asMap(list: YAMLSeq): YAMLMap | undefined {
  const map = new YAMLMap();
  map.commentBefore = list.commentBefore;
  for (const item of list.items) {
    const target = isMap(item) ? item.get('target') : undefined;
    if (!isMap(item) || typeof target !== 'string' || map.has(target)) {
      return undefined;
    }
    item.delete('target');
    const key = new Scalar(target);
    key.commentBefore = item.commentBefore;
    item.commentBefore = undefined;
    map.items.push(new Pair(key, item));
  }
  return map;
}

function migrateEntry(
  entry: YAMLMap,
  place: string,
  { changes }: Rewriting,
): void {
  if (entry.has('read_only') && !entry.has('readOnly')) {
    renameKey(entry, 'read_only', 'readOnly');
    changes.push(`Renamed "${place}.read_only" to "readOnly".`);
  }
  const content = entry.get('content');
  if (isSeq(content) && content.items.every(isText)) {
    const text = new Scalar(
      content.items.map(line => (isText(line) ? line.value : '')).join('\n'),
    );
    text.type = Scalar.BLOCK_LITERAL;
    // A literal block has no place inside of braces.
    entry.flow = false;
    entry.set('content', text);
    changes.push(`Joined the lines of "${place}.content" to one text.`);
  }
  const mode = entry.get('mode', true);
  if (isScalar(mode) && typeof mode.value === 'number') {
    entry.set('mode', quoted(sourceOf(mode), mode));
    changes.push(`Quoted "${place}.mode": "${sourceOf(mode)}".`);
  }
}

function isText(value: unknown): value is Scalar<string> {
  return isScalar(value) && typeof value.value === 'string';
}

function quoted(text: string, from: Scalar): Scalar {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  scalar.comment = from.comment;
  return scalar;
}
