import {
  AnalysisStep,
  ScoreAnalysis,
} from '@innominatus/backstage-plugin-innominatus-common';
import { formatLength } from '../../lib/duration';
import { useText } from '../../translation';
import { ScrollArea } from '../shared';
import styles from './ScoreEditorPage.module.css';

export interface AnalysisTableProps {
  analysis: ScoreAnalysis;
  levels: ReadonlyMap<string, number>;
}

/** The steps of an analysis in rows: the graph for who does not see it. */
export function AnalysisTable(props: AnalysisTableProps) {
  const { analysis, levels } = props;
  const t = useText();
  const levelOf = (step: AnalysisStep) => levels.get(step.name) ?? 0;
  const steps = [...analysis.steps].sort((a, b) => levelOf(a) - levelOf(b));
  return (
    <ScrollArea className={styles.tableArea} label={t('editor.graph.table')}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('editor.graph.level')}</th>
            <th scope="col">{t('editor.graph.step')}</th>
            <th scope="col">{t('editor.graph.duration')}</th>
            <th scope="col">{t('editor.graph.basis')}</th>
            <th scope="col">{t('editor.graph.waitsFor')}</th>
          </tr>
        </thead>
        <tbody>
          {steps.map(step => (
            <tr key={step.name}>
              <td>{levelOf(step) + 1}</td>
              <th scope="row">
                {step.name}
                {analysis.criticalPath.includes(step.name) && (
                  <span className={styles.critical}>
                    {t('editor.graph.critical')}
                  </span>
                )}
              </th>
              <td>{formatLength(step.seconds * 1000)}</td>
              <td>
                {step.basis === 'history'
                  ? t('editor.graph.history', { count: step.samples ?? 0 })
                  : t('editor.graph.assumption')}
              </td>
              <td>
                {step.dependsOn.length > 0
                  ? step.dependsOn.join(', ')
                  : t('editor.graph.nothing')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
