import { Document, isMap, isScalar, Pair, Scalar, YAMLMap } from 'yaml';

/** What a rewriting step works on, and what it tells people. */
export interface Rewriting {
  /** One sentence for each change, in order. */
  changes: string[];
}

export function keyOf(pair: { key: unknown }): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

/** The map under a key, when it is one. */
export function mapAt(map: YAMLMap, key: string): YAMLMap | undefined {
  const value = map.get(key);
  return isMap(value) ? value : undefined;
}

/** The maps of a map of maps by name, for example of `containers`. */
export function namedMaps(
  map: YAMLMap | undefined,
): Array<[name: string, map: YAMLMap]> {
  return (map?.items ?? []).flatMap(pair =>
    isMap(pair.value) ? [[keyOf(pair), pair.value] as [string, YAMLMap]] : [],
  );
}

/** Renames a key where it stands, so that order and comments stay. */
export function renameKey(map: YAMLMap, from: string, to: string): void {
  for (const pair of map.items) {
    if (keyOf(pair) === from) {
      if (isScalar(pair.key)) {
        pair.key.value = to;
        pair.key.source = undefined;
      } else {
        pair.key = to;
      }
    }
  }
}

/** Puts a key first; the comment at the top of a document stays at its top. */
export function insertFirst(map: YAMLMap, key: string, value: string): void {
  const added = new Scalar(key);
  const next = map.items[0]?.key;
  if (isScalar(next)) {
    added.commentBefore = next.commentBefore;
    next.commentBefore = undefined;
  }
  map.items.unshift(new Pair(added, new Scalar(value)));
}

/** A key with nothing after it. */
export function isNothing(value: unknown): boolean {
  return value === null || (isScalar(value) && value.value === null);
}

/** The text of a scalar as its author wrote it, without what YAML made of it. */
export function sourceOf(scalar: Scalar): string {
  return scalar.source ?? String(scalar.value);
}

/** Writes a document in the manner of the text that it was read from. */
export function writeLike(document: Document, text: string): string {
  return document.toString({
    lineWidth: 0,
    // A list that begins below its key stays there.
    indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*\n\1- /m.test(text),
    flowCollectionPadding: !/\{[^\s}]/.test(text),
  });
}
