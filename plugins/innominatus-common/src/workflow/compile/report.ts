import { Diagnostic, nearestNames, SourceExcerpt } from '../../diagnostics';

/**
 * Place of a value in the file it was read from.
 *
 * @public
 */
export interface SourcePosition {
  line: number;
  column: number;
  endLine?: number;
  endColumn?: number;
  source?: SourceExcerpt;
}

/**
 * Finds the place of a JSON pointer. `key` asks for the key instead of its
 * value.
 *
 * @public
 */
export type Locate = (
  pointer: string,
  part: 'key' | 'value',
) => SourcePosition | undefined;

/** Collects diagnostics and gives each its place. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];
  readonly #locate: Locate | undefined;
  readonly #file: string | undefined;

  static create(options: { locate?: Locate; file?: string }): Report {
    return new Report(options.locate, options.file);
  }

  private constructor(locate: Locate | undefined, file: string | undefined) {
    this.#locate = locate;
    this.#file = file;
  }

  error(
    code: string,
    pointer: string,
    message: string,
    suggestions: string[] = [],
  ): void {
    this.#add(
      { severity: 'error', code, pointer, message, suggestions },
      'value',
    );
  }

  warning(
    code: string,
    pointer: string,
    message: string,
    suggestions: string[] = [],
  ): void {
    this.#add(
      { severity: 'warning', code, pointer, message, suggestions },
      'value',
    );
  }

  info(
    code: string,
    pointer: string,
    message: string,
    suggestions: string[] = [],
  ): void {
    this.#add({ severity: 'info', code, pointer, message, suggestions }, 'key');
  }

  unknownKey(options: {
    pointer: string;
    key: string;
    place: string;
    known: Iterable<string>;
  }): void {
    const near = nearestNames(options.key, options.known, 1);
    this.#add(
      {
        severity: 'error',
        code: 'WORKFLOW_UNKNOWN_KEY',
        pointer: options.pointer,
        message: `The key "${options.key}" is not known in ${options.place}.`,
        suggestions: [
          ...near.map(name => `Did you mean "${name}"?`),
          `Known keys: ${[...new Set(options.known)].sort().join(', ')}.`,
        ],
      },
      'key',
    );
  }

  get failed(): boolean {
    return this.diagnostics.some(({ severity }) => severity === 'error');
  }

  #add(
    found: Pick<
      Diagnostic,
      'severity' | 'code' | 'pointer' | 'message' | 'suggestions'
    >,
    part: 'key' | 'value',
  ): void {
    const position = this.#position(found.pointer, part);
    this.diagnostics.push({
      ...found,
      ...position,
      ...(this.#file === undefined ? {} : { file: this.#file }),
    });
  }

  /** What is missing has no place of its own, so its parent's is taken. */
  #position(pointer: string, part: 'key' | 'value'): SourcePosition {
    let at = pointer;
    for (;;) {
      const position = this.#locate?.(at, at === pointer ? part : 'value');
      if (position) {
        return position;
      }
      if (at === '') {
        return { line: 1, column: 1 };
      }
      at = at.slice(0, at.lastIndexOf('/'));
    }
  }
}
