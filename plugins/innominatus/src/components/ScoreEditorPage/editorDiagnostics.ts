import { Diagnostic as EditorDiagnostic } from '@codemirror/lint';
import { Text } from '@codemirror/state';
import { Diagnostic } from '@innominatus/backstage-plugin-innominatus-common';

/** Where a line and column are in the document, or the nearest place there is. */
export function offsetOf(doc: Text, line: number, column: number): number {
  const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(found.from + Math.max(column - 1, 0), found.to);
}

/** Findings as the editor underlines them. */
export function editorDiagnostics(
  doc: Text,
  diagnostics: readonly Diagnostic[],
): EditorDiagnostic[] {
  return diagnostics
    .map(diagnostic => {
      const { line, column, endLine = line, endColumn = column } = diagnostic;
      const from = offsetOf(doc, line, column);
      return {
        from,
        to: Math.max(from, offsetOf(doc, endLine, endColumn)),
        severity: diagnostic.severity,
        source: diagnostic.code,
        message: [diagnostic.message, ...diagnostic.suggestions].join(' '),
      };
    })
    .sort((a, b) => a.from - b.from);
}
