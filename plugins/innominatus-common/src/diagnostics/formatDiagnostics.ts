import { countDiagnostics, hasErrors, sortDiagnostics } from './summary';
import { toSarif } from './toSarif';
import { Diagnostic, DiagnosticSeverity } from './types';

/**
 * Options of {@link formatDiagnostics}.
 *
 * @public
 */
export interface FormatDiagnosticsOptions {
  /**
   * `text` for people, `simple` for one line per issue, `json` for programs,
   * `sarif` for code hosts and editors.
   */
  format: 'text' | 'simple' | 'json' | 'sarif';
  /** Name of the file that was read; `-` or nothing means standard input. */
  file?: string;
  /** ANSI colours in `text` and `simple`. Default false. */
  color?: boolean;
  /** Version of the program that looked, for `sarif`. */
  toolVersion?: string;
}

/**
 * What `format: 'json'` prints.
 *
 * @public
 */
export interface DiagnosticsReport {
  valid: boolean;
  file: string;
  issues: Array<
    Pick<
      Diagnostic,
      | 'severity'
      | 'code'
      | 'message'
      | 'pointer'
      | 'line'
      | 'column'
      | 'suggestions'
    >
  >;
}

const HEADINGS: Record<DiagnosticSeverity, string> = {
  error: 'Errors',
  warning: 'Warnings',
  info: 'Notes',
};

const ANSI: Record<DiagnosticSeverity, string> = {
  error: '\u001b[31m',
  warning: '\u001b[33m',
  info: '\u001b[36m',
};
const ANSI_RESET = '\u001b[0m';

/**
 * Writes diagnostics for people or programs. Never ends with a line break.
 *
 * @public
 */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: FormatDiagnosticsOptions,
): string {
  const sorted = sortDiagnostics(diagnostics);
  const file = options.file ?? sorted[0]?.file ?? '-';
  switch (options.format) {
    case 'json':
      return JSON.stringify(toDiagnosticsReport(sorted, file), undefined, 2);
    case 'sarif':
      return JSON.stringify(
        toSarif(sorted, { file, toolVersion: options.toolVersion }),
        undefined,
        2,
      );
    case 'simple':
      return sorted
        .map(diagnostic => formatSimple(diagnostic, file, options.color))
        .join('\n');
    default:
      return formatText(sorted, file, options.color);
  }
}

/**
 * The JSON contract of `validate`, as an object.
 *
 * @public
 */
export function toDiagnosticsReport(
  diagnostics: readonly Diagnostic[],
  file: string,
): DiagnosticsReport {
  return {
    valid: !hasErrors(diagnostics),
    file,
    issues: diagnostics.map(diagnostic => ({
      severity: diagnostic.severity,
      code: diagnostic.code,
      message: diagnostic.message,
      pointer: diagnostic.pointer,
      line: diagnostic.line,
      column: diagnostic.column,
      suggestions: diagnostic.suggestions,
    })),
  };
}

function formatSimple(
  diagnostic: Diagnostic,
  file: string,
  color?: boolean,
): string {
  const severity = paint(diagnostic.severity, diagnostic.severity, color);
  return `${place(diagnostic, file)}: ${severity} ${diagnostic.code} ${oneLine(diagnostic.message)}`;
}

function formatText(
  diagnostics: readonly Diagnostic[],
  file: string,
  color?: boolean,
): string {
  const { errors, warnings, infos } = countDiagnostics(diagnostics);
  const blocks = [`${file}: ${headline(errors, warnings, infos)}`];
  for (const severity of Object.values(DiagnosticSeverity)) {
    const group = diagnostics.filter(
      diagnostic => diagnostic.severity === severity,
    );
    if (group.length > 0) {
      blocks.push(
        `${HEADINGS[severity]}\n\n${group
          .map(diagnostic => formatBlock(diagnostic, file, color))
          .join('\n\n')}`,
      );
    }
  }
  blocks.push(nextStep(errors, warnings));
  return blocks.join('\n\n');
}

function headline(errors: number, warnings: number, infos: number): string {
  const counts = [
    errors > 0 ? count(errors, 'error') : undefined,
    warnings > 0 ? count(warnings, 'warning') : undefined,
    infos > 0 ? count(infos, 'note') : undefined,
  ].filter(part => part !== undefined);
  return counts.length === 0
    ? 'valid, nothing to report'
    : `${errors > 0 ? 'not valid' : 'valid'}, ${counts.join(', ')}`;
}

function formatBlock(
  diagnostic: Diagnostic,
  file: string,
  color?: boolean,
): string {
  const label = paint(
    `${diagnostic.severity} ${diagnostic.code}`,
    diagnostic.severity,
    color,
  );
  const lines = [
    `  ${label}`,
    `  ${oneLine(diagnostic.message)}`,
    `  at ${place(diagnostic, file)}${
      diagnostic.pointer === '' ? '' : ` (${oneLine(diagnostic.pointer)})`
    }`,
  ];
  if (diagnostic.source !== undefined && diagnostic.source.text !== '') {
    const gutter = `${diagnostic.line} | `;
    const { text, caret, length } = diagnostic.source;
    lines.push(
      `    ${gutter}${text}`,
      `    ${' '.repeat(gutter.length + caret)}${paint(
        '^'.repeat(length),
        diagnostic.severity,
        color,
      )}`,
    );
  }
  diagnostic.suggestions.forEach((suggestion, index) =>
    lines.push(`    ${index + 1}. ${oneLine(suggestion)}`),
  );
  return lines.join('\n');
}

function nextStep(errors: number, warnings: number): string {
  if (errors > 0) {
    return `Next step: mend the ${
      errors === 1 ? 'error' : `${errors} errors`
    } and validate again.`;
  }
  return warnings > 0
    ? 'Next step: look at the warnings, then plan a deployment.'
    : 'Next step: plan a deployment.';
}

function place(diagnostic: Diagnostic, file: string): string {
  return `${diagnostic.file ?? file}:${diagnostic.line}:${diagnostic.column}`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

// Text of the file ends up in messages; it must not steer a terminal or make
// up lines of its own in a log.
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

function paint(
  text: string,
  severity: DiagnosticSeverity,
  color: boolean | undefined,
): string {
  return color === true ? `${ANSI[severity]}${text}${ANSI_RESET}` : text;
}
