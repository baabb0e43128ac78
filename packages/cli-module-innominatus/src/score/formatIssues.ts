import {
  Diagnostic,
  formatDiagnostics,
} from '@innominatus/backstage-plugin-innominatus-common';

/** Findings of the backend, one line each. */
export function formatIssues(
  issues: readonly Diagnostic[],
  file?: string,
): string {
  return formatDiagnostics(issues, { format: 'simple', file });
}
