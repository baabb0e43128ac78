import { Diagnostic, joinJsonPointer } from '../diagnostics';
import { isForbiddenKey, YamlLimits } from './limits';

type Problem = Pick<Diagnostic, 'code' | 'message' | 'pointer' | 'suggestions'>;

/**
 * Finds what keeps a value from being bounded JSON: cycles, depth, size,
 * values that JSON does not have, and keys that reach into prototypes.
 */
export function inspectJson(
  root: unknown,
  limits: YamlLimits,
): Problem | undefined {
  let nodes = 0;
  let characters = 0;
  const visit = (
    value: unknown,
    pointer: string,
    depth: number,
  ): Problem | undefined => {
    nodes += 1;
    // A cycle ends here as well: it is nothing but endless depth.
    if (depth > limits.maxDepth || nodes > limits.maxNodes) {
      return problem(
        'YAML_LIMIT',
        pointer,
        'The value is nested too deeply or holds too many values.',
      );
    }
    if (typeof value === 'string') {
      characters += value.length;
    } else if (typeof value === 'number' && !Number.isFinite(value)) {
      return problem(
        'YAML_NUMBER',
        pointer,
        `The number ${value} is not finite.`,
      );
    } else if (typeof value === 'object' && value !== null) {
      const entries = entriesOf(value);
      if (entries === undefined) {
        return problem(
          'SCORE_NOT_JSON',
          pointer,
          'The value is neither a plain map nor a list.',
        );
      }
      for (const [key, item] of entries) {
        characters += key.length;
        const at = joinJsonPointer(pointer, key);
        const found = isForbiddenKey(key)
          ? problem(
              'YAML_FORBIDDEN_KEY',
              at,
              `The key "${key}" is not allowed.`,
            )
          : visit(item, at, depth + 1);
        if (found) {
          return found;
        }
      }
    } else if (
      !['boolean', 'number'].includes(typeof value) &&
      value !== null
    ) {
      return problem(
        'SCORE_NOT_JSON',
        pointer,
        `A value of the type ${typeof value} is not JSON.`,
      );
    }
    return characters > limits.maxBytes
      ? problem(
          'YAML_TOO_LARGE',
          pointer,
          `The value is larger than ${limits.maxBytes} bytes.`,
        )
      : undefined;
  };
  return visit(root, '', 0);
}

function entriesOf(value: object): Array<[string, unknown]> | undefined {
  if (Array.isArray(value)) {
    return value.map((item, index) => [String(index), item]);
  }
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null
    ? Object.entries(value)
    : undefined;
}

function problem(code: string, pointer: string, message: string): Problem {
  return { code, pointer, message, suggestions: [] };
}
