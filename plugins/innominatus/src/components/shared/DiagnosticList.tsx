import { Diagnostic } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import styles from './shared.module.css';

export interface DiagnosticListProps {
  issues: Diagnostic[];
  /** Say the path instead of the line, where lines mean nothing to the reader. */
  byPath?: boolean;
  /** Say the file too, where there are several. */
  withFile?: boolean;
}

/** Findings in a file, each with its place, what is wrong and what to do. */
export function DiagnosticList(props: DiagnosticListProps) {
  const { issues, byPath, withFile } = props;
  const t = useText();
  return (
    <ul className={styles.diagnostics}>
      {issues.map((issue, index) => (
        <li key={index} className={styles.diagnostic}>
          <span className={styles.line}>
            {byPath && (issue.pointer || '/')}
            {!byPath &&
              (withFile && issue.file
                ? `${issue.file}:${issue.line}:${issue.column}`
                : t('common.diagnostics.line', { line: String(issue.line) }))}
          </span>
          <span className={styles.severity} data-severity={issue.severity}>
            {t(`common.diagnostics.${issue.severity}`)}
          </span>
          <span>
            {issue.message}
            {issue.suggestions.length > 0 && ` ${issue.suggestions[0]}`}
          </span>
          {issue.source && (
            <code className={styles.source}>{issue.source.text.trim()}</code>
          )}
        </li>
      ))}
    </ul>
  );
}
