import { Diagnostic, joinJsonPointer } from '../diagnostics';

export interface Problem {
  code: string;
  message: string;
  /** Keys from the root of the Score spec. */
  path: string[];
  suggestions?: string[];
}

/** Collects what is wrong while the objects are made. */
export class Problems {
  readonly #found: Diagnostic[] = [];

  error(problem: Problem): void {
    this.#add('error', problem);
  }

  warning(problem: Problem): void {
    this.#add('warning', problem);
  }

  list(): Diagnostic[] {
    return [...this.#found];
  }

  #add(severity: 'error' | 'warning', problem: Problem): void {
    this.#found.push({
      severity,
      code: problem.code,
      message: problem.message,
      pointer: joinJsonPointer('', ...problem.path),
      line: 1,
      column: 1,
      suggestions: problem.suggestions ?? [],
    });
  }
}
