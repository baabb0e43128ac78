import {
  Diagnostic,
  DiagnosticSeverity,
  SourceMap,
  readYaml,
} from '@innominatus/backstage-plugin-innominatus-common';

/**
 * Collects what planning finds, each finding at its line of the Score spec. The
 * lines are read once there is something to find.
 */
export class ScorePlaces {
  readonly #source: { text: string; file?: string };
  #sourceMap: SourceMap | undefined;
  readonly #found: Diagnostic[] = [];

  static create(options: { text: string; file?: string }): ScorePlaces {
    return new ScorePlaces(options);
  }

  private constructor(source: { text: string; file?: string }) {
    this.#source = source;
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
    const { text, file } = this.#source;
    this.#sourceMap ??= readYaml(text, { file }).sourceMap;
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
