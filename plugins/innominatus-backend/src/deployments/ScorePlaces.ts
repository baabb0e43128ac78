import {
  Diagnostic,
  DiagnosticSeverity,
  SourceMap,
  readYaml,
} from '@innominatus/backstage-plugin-innominatus-common';

/** Collects what planning finds, each finding at its line of the Score spec. */
export class ScorePlaces {
  readonly #sourceMap: SourceMap;
  readonly #found: Diagnostic[] = [];

  static create(options: { text: string; file?: string }): ScorePlaces {
    return new ScorePlaces(
      readYaml(options.text, { file: options.file }).sourceMap,
    );
  }

  private constructor(sourceMap: SourceMap) {
    this.#sourceMap = sourceMap;
  }

  get diagnostics(): Diagnostic[] {
    return this.#found;
  }

  error(finding: {
    code: string;
    message: string;
    pointer: string;
    suggestions?: string[];
  }): void {
    this.add({ severity: 'error', ...finding });
  }

  add(finding: {
    severity: DiagnosticSeverity;
    code: string;
    message: string;
    pointer: string;
    suggestions?: string[];
  }): void {
    this.#found.push(
      this.#sourceMap.diagnostic({
        severity: finding.severity,
        code: finding.code,
        message: finding.message,
        pointer: finding.pointer,
        suggestions: finding.suggestions,
      }),
    );
  }
}
