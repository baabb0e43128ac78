import {
  DiagnosticsReport,
  countDiagnostics,
  formatDiagnostics,
  readScore,
  toDiagnosticsReport,
} from '@innominatus/backstage-plugin-innominatus-common';
import { count } from '../output/text';
import { cliVersion } from '../version';

/** What `validate` says about a Score file. */
export interface Validation {
  valid: boolean;
  /** The contract of `--format json`. */
  report: DiagnosticsReport;
  /** One line on the whole file. */
  headline: string;
  /** All findings, for people or for code hosts. */
  format: (format: 'text' | 'simple' | 'sarif') => string;
}

/** Reads a Score file and describes what was found. */
export function validate(
  text: string,
  options: { file: string; strict: boolean; color: boolean },
): Validation {
  const { file, strict, color } = options;
  const { diagnostics, workload } = readScore(text, { file });
  const { errors, warnings } = countDiagnostics(diagnostics);
  const valid = errors === 0 && !(strict && warnings > 0);
  const findings = [
    ...(errors ? [count(errors, 'error')] : []),
    ...(warnings ? [count(warnings, 'warning')] : []),
  ].join(', ');
  const about = workload
    ? `${workload.name} with ${count(
        Object.keys(workload.containers).length,
        'container',
      )} and ${count(Object.keys(workload.resources).length, 'resource')}`
    : undefined;
  return {
    valid,
    report: { ...toDiagnosticsReport(diagnostics, file), valid },
    headline: `${file}: ${[valid ? 'valid' : 'not valid', findings, valid ? about : undefined].filter(Boolean).join(', ')}`,
    format: format =>
      formatDiagnostics(diagnostics, {
        format,
        file,
        color,
        toolVersion: cliVersion,
      }),
  };
}
