import { LineCounter } from 'yaml';
import {
  Diagnostic,
  DiagnosticSeverity,
  makeExcerpt,
  parseJsonPointer,
  toJsonPointer,
} from '../diagnostics';

/**
 * Character offsets in the text, the end not included.
 *
 * @public
 */
export type OffsetRange = readonly [start: number, end: number];

/**
 * What {@link SourceMap.diagnostic} needs to make a diagnostic.
 *
 * @public
 */
export interface DiagnosticAt {
  severity: DiagnosticSeverity;
  code: string;
  message: string;
  /** What the diagnostic is about. */
  pointer: string;
  /** Where to look, when that is not `pointer` itself. */
  at?: { key: string } | { value: string } | { offsets: OffsetRange };
  suggestions?: string[];
}

type Entry = { key?: OffsetRange; value: OffsetRange };

/**
 * Knows where in a text each value and each key of the document stands.
 *
 * @public
 */
export class SourceMap {
  readonly #text: string;
  readonly #file: string | undefined;
  readonly #lines: LineCounter;
  readonly #entries = new Map<string, Entry>();

  static create(options: {
    text: string;
    lines: LineCounter;
    file?: string;
  }): SourceMap {
    return new SourceMap(options);
  }

  private constructor(options: {
    text: string;
    lines: LineCounter;
    file?: string;
  }) {
    this.#text = options.text;
    this.#lines = options.lines;
    this.#file = options.file;
  }

  set(pointer: string, value: OffsetRange, key?: OffsetRange): void {
    this.#entries.set(pointer, { value, ...(key ? { key } : {}) });
  }

  /** The text of a value as it was written, without the quotes being read. */
  sourceOf(pointer: string): string | undefined {
    const entry = this.#entries.get(pointer);
    return entry && this.#text.slice(entry.value[0], entry.value[1]).trim();
  }

  diagnostic(options: DiagnosticAt): Diagnostic {
    const [start, end] = this.#locate(options);
    const from = this.#position(start);
    const to = this.#position(Math.max(start, end));
    const lineText = this.#lineText(start);
    const length = to.line === from.line ? end - start : lineText.length;
    return {
      severity: options.severity,
      code: options.code,
      message: options.message,
      pointer: options.pointer,
      line: from.line,
      column: from.column,
      endLine: to.line,
      endColumn: to.column,
      source: makeExcerpt(lineText, from.column, length),
      suggestions: options.suggestions ?? [],
      ...(this.#file === undefined ? {} : { file: this.#file }),
    };
  }

  #locate(options: DiagnosticAt): OffsetRange {
    const { at } = options;
    if (at && 'offsets' in at) {
      return at.offsets;
    }
    if (at && 'key' in at) {
      const entry = this.#entries.get(at.key);
      return entry?.key ?? entry?.value ?? this.#nearest(at.key);
    }
    const pointer = at?.value ?? options.pointer;
    const entry = this.#entries.get(pointer);
    if (entry === undefined) {
      return this.#nearest(pointer);
    }
    const value = trimRange(this.#text, entry.value);
    // A key with nothing after it is easier to see than the nothing.
    return value[0] === value[1] && entry.key ? entry.key : value;
  }

  // Values that came from overrides or upgrades have no place of their own:
  // the nearest ancestor that was written has.
  #nearest(pointer: string): OffsetRange {
    const parts = parseJsonPointer(pointer);
    while (parts.length > 0) {
      parts.pop();
      const entry = this.#entries.get(toJsonPointer(parts));
      if (entry) {
        return entry.key ?? trimRange(this.#text, entry.value);
      }
    }
    return [0, 0];
  }

  #position(offset: number): { line: number; column: number } {
    const clamped = Math.min(Math.max(offset, 0), this.#text.length);
    const { line, col } = this.#lines.linePos(clamped);
    return line === 0
      ? { line: 1, column: clamped + 1 }
      : { line, column: col };
  }

  #lineText(offset: number): string {
    const clamped = Math.min(Math.max(offset, 0), this.#text.length);
    const start = this.#text.lastIndexOf('\n', clamped - 1) + 1;
    const end = this.#text.indexOf('\n', clamped);
    return this.#text
      .slice(clamped === 0 ? 0 : start, end < 0 ? undefined : end)
      .replace(/\r$/, '');
  }
}

// A block value ends where the next key begins; the line break in between
// would move the end of the mark to another line.
function trimRange(text: string, [start, end]: OffsetRange): OffsetRange {
  const length = text.slice(start, end).trimEnd().length;
  return [start, start + length];
}
