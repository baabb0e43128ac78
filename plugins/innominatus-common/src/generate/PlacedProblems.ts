import { Diagnostic, toJsonPointer } from '../diagnostics';
import { Problem } from '../manifests/problems';
import { readYaml } from '../score/readYaml';
import { SourceMap } from '../score/SourceMap';
import { GenerateInput } from './types';

/** Findings on one Score spec, each at its place in the text. */
export class PlacedProblems {
  readonly #sourceMap: SourceMap;
  readonly #found: Diagnostic[] = [];

  static create({ score, file }: GenerateInput): PlacedProblems {
    return new PlacedProblems(readYaml(score, { file }).sourceMap);
  }

  private constructor(sourceMap: SourceMap) {
    this.#sourceMap = sourceMap;
  }

  error(problem: Problem): void {
    const { path, ...rest } = problem;
    this.place({ severity: 'error', pointer: toJsonPointer(path), ...rest });
  }

  warning(problem: Problem): void {
    const { path, ...rest } = problem;
    this.place({ severity: 'warning', pointer: toJsonPointer(path), ...rest });
  }

  /** Takes a finding that only knows what it is about. */
  place(
    finding: Pick<Diagnostic, 'severity' | 'code' | 'message' | 'pointer'> & {
      suggestions?: string[];
    },
  ): void {
    const { severity, code, message, pointer, suggestions } = finding;
    this.#found.push(
      this.#sourceMap.diagnostic({
        severity,
        code,
        message,
        pointer,
        suggestions,
      }),
    );
  }

  list(): Diagnostic[] {
    return [...this.#found];
  }
}
