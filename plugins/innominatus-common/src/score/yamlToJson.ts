import {
  Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Node,
  ParsedNode,
  Scalar,
  YAMLMap,
} from 'yaml';
import { Diagnostic, joinJsonPointer } from '../diagnostics';
import { JsonObject, JsonValue } from '../json';
import { isForbiddenKey, YamlLimits } from './limits';
import { OffsetRange, SourceMap } from './SourceMap';

type Place = { pointer: string; depth: number; key?: OffsetRange };

const MAX_PROBLEMS = 20;

/** Ends the walk; what was found up to here has been reported. */
class StopConversion extends Error {}

class Converter {
  readonly diagnostics: Diagnostic[] = [];
  readonly #aliases: Map<Alias, Node>;
  readonly #sourceMap: SourceMap;
  readonly #limits: YamlLimits;
  readonly #open = new Set<Node>();
  #nodes = 0;
  #characters = 0;

  constructor(options: {
    aliases: Map<Alias, Node>;
    sourceMap: SourceMap;
    limits: YamlLimits;
  }) {
    this.#aliases = options.aliases;
    this.#sourceMap = options.sourceMap;
    this.#limits = options.limits;
  }

  convert(node: Node | null, place: Place): JsonValue {
    this.#count(node, place);
    if (node === null) {
      this.#sourceMap.set(place.pointer, place.key ?? [0, 0], place.key);
      return null;
    }
    if (isAlias(node)) {
      return this.#convertAlias(node, place);
    }
    this.#sourceMap.set(place.pointer, rangeOf(node), place.key);
    if (isScalar(node)) {
      return this.#convertScalar(node, place);
    }
    this.#open.add(node);
    let value: JsonValue = null;
    if (isMap(node)) {
      value = this.#convertMap(node, place);
    } else if (isSeq(node)) {
      value = node.items.map((item, index) =>
        this.convert(item as Node | null, {
          pointer: joinJsonPointer(place.pointer, index),
          depth: place.depth + 1,
        }),
      );
    }
    this.#open.delete(node);
    return value;
  }

  #count(node: Node | null, place: Place): void {
    this.#nodes += 1;
    const { maxNodes, maxDepth } = this.#limits;
    if (this.#nodes > maxNodes) {
      throw this.#stop(node, place, {
        code: 'YAML_LIMIT',
        message: `The YAML holds more than ${maxNodes} values once its aliases are followed, which is more than is read.`,
        suggestion: 'Use fewer aliases.',
      });
    }
    if (place.depth > maxDepth) {
      throw this.#stop(node, place, {
        code: 'YAML_LIMIT',
        message: `The YAML is nested deeper than ${maxDepth} levels once its aliases are followed, which is more than is read.`,
        suggestion: 'Use fewer aliases.',
      });
    }
  }

  #convertAlias(node: Alias, place: Place): JsonValue {
    const target = this.#aliases.get(node);
    if (target === undefined) {
      return null;
    }
    if (this.#open.has(target)) {
      throw this.#stop(node, place, {
        code: 'YAML_ALIAS_CYCLE',
        message: `The alias "*${node.source}" stands inside the value of its own anchor "&${node.source}", so the value would never end.`,
        suggestion: `Replace "*${node.source}" by the value that is meant.`,
      });
    }
    const value = this.convert(target, place);
    this.#sourceMap.set(place.pointer, rangeOf(node), place.key);
    return value;
  }

  #convertMap(node: YAMLMap, place: Place): JsonObject {
    const result: JsonObject = {};
    for (const pair of node.items) {
      const keyNode = this.#resolveKey(pair.key as Node | null);
      const at = rangeOf((pair.key as Node | null) ?? node);
      if (!isScalar(keyNode) || keyNode.value === null) {
        this.#report(place.pointer, at, {
          code: 'YAML_KEY',
          message: 'A key has to be a text; this one is empty or a collection.',
          suggestion: 'Write the key as plain text before the colon.',
        });
        continue;
      }
      const key = keyText(keyNode);
      if (isForbiddenKey(key)) {
        this.#report(place.pointer, at, {
          code: 'YAML_FORBIDDEN_KEY',
          message: `The key "${key}" is not allowed.`,
          suggestion: 'Choose another name.',
        });
        continue;
      }
      const pointer = joinJsonPointer(place.pointer, key);
      if (Object.hasOwn(result, key)) {
        this.#report(pointer, at, {
          code: 'YAML_DUPLICATE_KEY',
          message: `The key "${key}" is written twice in the same map.`,
          suggestion: `Delete one "${key}", or merge the two.`,
        });
        continue;
      }
      result[key] = this.convert(pair.value as Node | null, {
        pointer,
        depth: place.depth + 1,
        key: at,
      });
    }
    return result;
  }

  #convertScalar(node: Scalar, place: Place): JsonValue {
    const { value } = node;
    if (typeof value === 'boolean') {
      return value;
    }
    if (typeof value === 'string') {
      this.#characters += value.length;
      if (this.#characters > this.#limits.maxBytes) {
        throw this.#stop(node, place, {
          code: 'YAML_LIMIT',
          message: `The texts are longer than ${this.#limits.maxBytes} characters once aliases are followed, which is more than is read.`,
          suggestion: 'Use fewer aliases.',
        });
      }
      return value;
    }
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) {
        this.#report(place.pointer, rangeOf(node), {
          code: 'YAML_NUMBER',
          message: `The number "${node.source ?? value}" has no finite value.`,
          suggestion: 'Quote it if a text is meant.',
        });
        return null;
      }
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        this.#report(place.pointer, rangeOf(node), {
          code: 'YAML_NUMBER',
          message: `The number "${node.source ?? value}" has more digits than can be kept exactly.`,
          suggestion: `Quote it: "${node.source ?? value}".`,
        });
      }
      return value;
    }
    return null;
  }

  #resolveKey(node: Node | null): Node | null {
    return isAlias(node) ? (this.#aliases.get(node) ?? null) : node;
  }

  #report(
    pointer: string,
    offsets: OffsetRange,
    problem: { code: string; message: string; suggestion: string },
  ): void {
    this.diagnostics.push(
      this.#sourceMap.diagnostic({
        severity: 'error',
        code: problem.code,
        message: problem.message,
        pointer,
        at: { offsets },
        suggestions: [problem.suggestion],
      }),
    );
    if (this.diagnostics.length >= MAX_PROBLEMS) {
      throw new StopConversion();
    }
  }

  #stop(
    node: Node | null,
    place: Place,
    problem: { code: string; message: string; suggestion: string },
  ): StopConversion {
    const offsets = node ? rangeOf(node) : (place.key ?? [0, 0]);
    this.#report(place.pointer, offsets, problem);
    return new StopConversion();
  }
}

function rangeOf(node: Node): OffsetRange {
  const [start, valueEnd] = node.range ?? [0, 0];
  return [start, valueEnd];
}

function keyText(key: Scalar): string {
  return typeof key.value === 'string'
    ? key.value
    : (key.source ?? String(key.value));
}

/**
 * Turns nodes into JSON values, follows aliases within limits, and records
 * where each value stands.
 */
export function yamlToJson(
  root: ParsedNode,
  options: {
    aliases: Map<Alias, Node>;
    sourceMap: SourceMap;
    limits: YamlLimits;
  },
): { value?: JsonValue; diagnostics: Diagnostic[] } {
  const converter = new Converter(options);
  try {
    const value = converter.convert(root, { pointer: '', depth: 0 });
    return { value, diagnostics: converter.diagnostics };
  } catch (error) {
    if (error instanceof StopConversion) {
      return { diagnostics: converter.diagnostics };
    }
    throw error;
  }
}
