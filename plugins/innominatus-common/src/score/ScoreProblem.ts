import {
  Diagnostic,
  DiagnosticSeverity,
  parseJsonPointer,
} from '../diagnostics';
import { SourceMap } from './SourceMap';

/**
 * A finding in the normalised document; {@link ScoreReporter} gives it its
 * place in the text.
 */
export interface ScoreProblem {
  severity?: DiagnosticSeverity;
  code: string;
  message: string;
  pointer: string;
  /** Pointer of the key or value to look at, when it is not `pointer`. */
  at?: { key: string } | { value: string };
  /** A function where finding suggestions takes work. */
  suggestions?: string[] | (() => string[]);
}

const MAX_PROBLEMS = 50;

/**
 * Collects the problems of a document and turns pointers of the normalised
 * document back into pointers of the document as written.
 */
export class ScoreReporter {
  readonly diagnostics: Diagnostic[] = [];
  readonly #sourceMap: SourceMap;
  readonly #moved: Array<{ now: string; written: string }> = [];

  constructor(sourceMap: SourceMap) {
    this.#sourceMap = sourceMap;
  }

  /** Tells that a value was moved by an upgrade. */
  addMove(now: string, written: string): void {
    this.#moved.push({ now, written });
  }

  sourceOf(pointer: string): string | undefined {
    return this.#sourceMap.sourceOf(this.#written(pointer));
  }

  /** Nothing more is taken; looking further would be work for nothing. */
  get full(): boolean {
    return this.diagnostics.length >= MAX_PROBLEMS;
  }

  add(problem: ScoreProblem): void {
    if (this.full) {
      return;
    }
    const { suggestions = [] } = problem;
    this.diagnostics.push(
      this.#sourceMap.diagnostic({
        severity: problem.severity ?? 'error',
        code: problem.code,
        message: problem.message,
        pointer: this.#written(problem.pointer),
        at: this.#writtenPlace(problem.at),
        suggestions:
          typeof suggestions === 'function' ? suggestions() : suggestions,
      }),
    );
  }

  #writtenPlace(at: ScoreProblem['at']): ScoreProblem['at'] {
    if (at === undefined) {
      return undefined;
    }
    return 'key' in at
      ? { key: this.#written(at.key) }
      : { value: this.#written(at.value) };
  }

  #written(pointer: string): string {
    const move = this.#moved.find(
      ({ now }) => pointer === now || pointer.startsWith(`${now}/`),
    );
    return move ? move.written + pointer.slice(move.now.length) : pointer;
  }
}

/**
 * A pointer the way people write paths: `containers.main.files["/etc/a"]`.
 */
export function describePointer(pointer: string): string {
  const parts = parseJsonPointer(pointer);
  return parts.length === 0
    ? 'the document'
    : parts
        .map((part, index) => {
          if (/^\d+$/.test(part)) {
            return `[${part}]`;
          }
          if (/^[A-Za-z0-9_-]+$/.test(part)) {
            return index === 0 ? part : `.${part}`;
          }
          return `[${JSON.stringify(part)}]`;
        })
        .join('');
}
