import { Diagnostic } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import styles from './ScoreEditorPage.module.css';

export interface ProblemsTabProps {
  diagnostics: readonly Diagnostic[];
  onGoTo: (line: number, column: number) => void;
}

/** The findings as a list; each leads to its place in the editor. */
export function ProblemsTab(props: ProblemsTabProps) {
  const { diagnostics, onGoTo } = props;
  const t = useText();
  if (diagnostics.length === 0) {
    return <p className={styles.text}>{t('editor.noProblems')}</p>;
  }
  return (
    <ul className={styles.problems}>
      {diagnostics.map((diagnostic, index) => (
        <li key={index} className={styles.problem}>
          <button
            type="button"
            className={styles.place}
            aria-label={t('editor.goTo', {
              place: placeOf(diagnostic),
              line: String(diagnostic.line),
            })}
            onClick={() => onGoTo(diagnostic.line, diagnostic.column)}
          >
            {placeOf(diagnostic)}
          </button>
          <span className={styles.severity} data-severity={diagnostic.severity}>
            {t(`common.diagnostics.${diagnostic.severity}`)}
          </span>
          <div className={styles.finding}>
            <span>{diagnostic.message}</span>
            {diagnostic.suggestions.length > 0 && (
              <ul className={styles.fixes}>
                {diagnostic.suggestions.map(suggestion => (
                  <li key={suggestion}>{suggestion}</li>
                ))}
              </ul>
            )}
            <code className={styles.code}>{diagnostic.code}</code>
          </div>
        </li>
      ))}
    </ul>
  );
}

function placeOf({ line, column }: Diagnostic): string {
  return `${line}:${column}`;
}
