import { joinJsonPointer, toJsonPointer } from '../diagnostics';
import { JsonObject, JsonValue } from '../json';
import { isJsonMap } from './isJsonMap';

/**
 * One form of an older Score version that {@link upgradeScore} replaced.
 *
 * @public
 */
export interface ScoreUpgradeChange {
  /** `deprecated` is still valid Score, `removed` is not. */
  kind: 'deprecated' | 'removed';
  /** Place in the document as written. */
  pointer: string;
  message: string;
  suggestion: string;
}

/**
 * What {@link upgradeScore} made of a document.
 *
 * @public
 */
export interface ScoreUpgrade {
  document: JsonObject;
  changes: ScoreUpgradeChange[];
  /** What could not be upgraded. */
  problems: Array<{
    code: string;
    pointer: string;
    message: string;
    suggestion: string;
  }>;
  /** Places that moved: pointer in the upgraded document, pointer as written. */
  moves: Array<{ now: string; written: string }>;
}

/**
 * Rewrites the forms of older Score versions: lists of files and volumes
 * become maps, a list of lines becomes one text, `read_only` becomes
 * `readOnly`. The document stays as it is.
 *
 * @public
 */
export function upgradeScore(document: JsonObject): ScoreUpgrade {
  const result: ScoreUpgrade = {
    document,
    changes: [],
    problems: [],
    moves: [],
  };
  const { containers } = document;
  if (!isJsonMap(containers)) {
    return result;
  }
  result.document = {
    ...document,
    containers: Object.fromEntries(
      Object.entries(containers).map(([name, container]) => [
        name,
        isJsonMap(container)
          ? upgradeContainer(container, ['containers', name], result)
          : container,
      ]),
    ),
  };
  return result;
}

function upgradeContainer(
  container: JsonObject,
  path: string[],
  result: ScoreUpgrade,
): JsonObject {
  const upgraded: JsonObject = { ...container };
  for (const kind of ['files', 'volumes'] as const) {
    const list = container[kind];
    if (Array.isArray(list)) {
      upgraded[kind] = upgradeList(list, {
        pointer: toJsonPointer([...path, kind]),
        kind,
        result,
      });
    }
  }
  return upgraded;
}

function upgradeList(
  list: JsonValue[],
  context: { pointer: string; kind: 'files' | 'volumes'; result: ScoreUpgrade },
): JsonObject {
  const { pointer, kind, result } = context;
  const map: JsonObject = {};
  result.changes.push({
    kind: 'deprecated',
    pointer,
    message: `The list form of "${kind}" is deprecated; write a map of target to details.`,
    suggestion: `Replace each "- target: /path" by "/path:".`,
  });
  list.forEach((item, index) => {
    const written = joinJsonPointer(pointer, index);
    const target = isJsonMap(item) ? item.target : undefined;
    if (!isJsonMap(item) || typeof target !== 'string' || target === '') {
      result.problems.push({
        code: 'SCORE_TARGET',
        pointer: written,
        message: `The entry ${index} of "${kind}" needs a "target" of text.`,
        suggestion:
          'Add the path in the container, for example target: /etc/app.conf.',
      });
      return;
    }
    if (Object.hasOwn(map, target)) {
      result.problems.push({
        code: 'SCORE_TARGET',
        pointer: written,
        message: `The target "${target}" is written twice in "${kind}".`,
        suggestion: 'Delete one of the entries.',
      });
      return;
    }
    map[target] = upgradeEntry(item, written, result);
    result.moves.push({ now: joinJsonPointer(pointer, target), written });
  });
  return map;
}

function upgradeEntry(
  item: JsonObject,
  written: string,
  result: ScoreUpgrade,
): JsonObject {
  const { target: _target, ...entry } = item;
  const { content, read_only: readOnly } = entry;
  if (
    Array.isArray(content) &&
    content.length > 0 &&
    content.every(line => typeof line === 'string')
  ) {
    entry.content = content.join('\n');
    result.changes.push({
      kind: 'removed',
      pointer: joinJsonPointer(written, 'content'),
      message: 'A list of lines as "content" is no longer part of Score.',
      suggestion: 'Write one text; "|" starts a text of several lines.',
    });
  }
  if (readOnly !== undefined && entry.readOnly === undefined) {
    delete entry.read_only;
    entry.readOnly = readOnly;
    result.changes.push({
      kind: 'removed',
      pointer: joinJsonPointer(written, 'read_only'),
      message: 'The key "read_only" is no longer part of Score.',
      suggestion: 'Rename "read_only" to "readOnly".',
    });
  }
  return entry;
}
