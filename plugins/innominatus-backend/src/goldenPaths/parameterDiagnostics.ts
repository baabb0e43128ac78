import {
  Diagnostic,
  ParameterIssue,
  joinJsonPointer,
} from '@innominatus/backstage-plugin-innominatus-common';

/** Findings in parameters of a request, in the shape of all other findings. */
export function toParameterDiagnostics(issues: ParameterIssue[]): Diagnostic[] {
  return issues.map(issue => ({
    severity: 'error',
    code: 'PARAMETER_INVALID',
    message: issue.message,
    pointer: joinJsonPointer('/parameters', issue.parameter),
    // A request has no lines.
    line: 1,
    column: 1,
    suggestions: issue.suggestion ? [issue.suggestion] : [],
  }));
}
