import { RE2JS } from 're2js';

const MAX_PATTERN_LENGTH = 1_000;

/**
 * A pattern ready to be searched for, or the reason why it is not one.
 *
 * @public
 */
export type CompiledPattern =
  { ok: true; test(text: string): boolean } | { ok: false; problem: string };

/**
 * Compiles a regular expression with RE2 semantics: it needs linear time on
 * every input, so a pattern from outside cannot stall the process. The
 * pattern may match anywhere in the text unless it is anchored.
 *
 * @public
 */
export function compilePattern(pattern: string): CompiledPattern {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    return {
      ok: false,
      problem: `it is longer than ${MAX_PATTERN_LENGTH} characters`,
    };
  }
  try {
    const compiled = RE2JS.compile(pattern);
    return { ok: true, test: text => compiled.matcher(text).find() };
  } catch (error) {
    return {
      ok: false,
      problem: error instanceof Error ? error.message : String(error),
    };
  }
}
