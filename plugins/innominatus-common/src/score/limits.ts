/**
 * What {@link readYaml} accepts at most. The values leave room for any spec a
 * person writes and keep reading a hostile one cheap.
 *
 * @public
 */
export interface YamlLimits {
  /** Size of the text in UTF-8. Default 1 MiB. */
  maxBytes: number;
  /** Levels of nesting. Default 64. */
  maxDepth: number;
  /** Lexical tokens of the text. Default 50000. */
  maxTokens: number;
  /** Values after aliases were followed. Default 20000. */
  maxNodes: number;
  /** Aliases in the text. Default 100. */
  maxAliases: number;
}

/** @public */
export const DEFAULT_YAML_LIMITS: YamlLimits = {
  maxBytes: 1024 * 1024,
  maxDepth: 64,
  maxTokens: 50_000,
  maxNodes: 20_000,
  maxAliases: 100,
};

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Tells whether a key could reach into an object's prototype.
 *
 * @public
 */
export function isForbiddenKey(key: string): boolean {
  return FORBIDDEN_KEYS.has(key);
}
