/**
 * How much a diagnostic matters: an `error` stops, a `warning` should be
 * looked at, an `info` explains.
 *
 * @public
 */
export const DiagnosticSeverity = {
  error: 'error',
  warning: 'warning',
  info: 'info',
} as const;

/** @public */
export type DiagnosticSeverity =
  (typeof DiagnosticSeverity)[keyof typeof DiagnosticSeverity];

/**
 * The line a diagnostic points at, shortened so that a long line stays
 * readable.
 *
 * @public
 */
export interface SourceExcerpt {
  text: string;
  /** Zero-based place of the caret in `text`. */
  caret: number;
  /** How many characters of `text` are meant, at least one. */
  length: number;
}

/**
 * One finding in a file that somebody wrote.
 *
 * @public
 */
export interface Diagnostic {
  severity: DiagnosticSeverity;
  /** Stable code in `SCREAMING_SNAKE`, for example `SCORE_UNKNOWN_KEY`. */
  code: string;
  message: string;
  /** JSON pointer (RFC 6901) of the value that is meant; empty for the whole document. */
  pointer: string;
  /** Line, from 1. */
  line: number;
  /** Column, from 1. */
  column: number;
  endLine?: number;
  endColumn?: number;
  source?: SourceExcerpt;
  /** What a person could do, most likely first. */
  suggestions: string[];
  file?: string;
}
