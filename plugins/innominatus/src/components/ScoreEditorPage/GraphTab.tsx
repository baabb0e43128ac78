import { useApi } from '@backstage/frontend-plugin-api';
import { Switch } from '@backstage/ui';
import {
  ScoreAnalysis,
  Workload,
  analyzeScore,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useMemo, useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { formatLength } from '../../lib/duration';
import { useText } from '../../translation';
import { ErrorState, ListSkeleton, Panel } from '../shared';
import { StepsGraph } from '../StepsGraph';
import { AnalysisTable } from './AnalysisTable';
import { BrokenFile } from './BrokenFile';
import styles from './ScoreEditorPage.module.css';
import { Reading } from './useReading';

/** Steps of a deployment in order, how long they take, and what is risky. */
export function GraphTab(props: { reading: Reading }) {
  const { text, workload } = props.reading;
  const [withHistory, setWithHistory] = useState(false);
  const t = useText();
  if (!workload) {
    return <BrokenFile />;
  }
  return (
    <>
      <Switch
        label={t('editor.graph.useHistory')}
        isSelected={withHistory}
        onChange={setWithHistory}
      />
      {withHistory ? (
        <ObservedAnalysis text={text} />
      ) : (
        <AssumedAnalysis workload={workload} />
      )}
    </>
  );
}

function AssumedAnalysis(props: { workload: Workload }) {
  const analysis = useMemo(
    () => analyzeScore(props.workload),
    [props.workload],
  );
  return <Analysis analysis={analysis} />;
}

function ObservedAnalysis(props: { text: string }) {
  const { text } = props;
  const api = useApi(innominatusApiRef);
  const query = useQuery({
    key: text,
    load: signal => api.analyzeScore({ score: text }, { signal }),
  });
  if (query.status === 'error') {
    return <ErrorState error={query.error} onRetry={query.reload} />;
  }
  return query.data ? <Analysis analysis={query.data} /> : <ListSkeleton />;
}

function Analysis(props: { analysis: ScoreAnalysis }) {
  const { analysis } = props;
  const t = useText();
  const levels = useMemo(
    () =>
      new Map(
        analysis.levels.flatMap((level, index) =>
          level.map(name => [name, index] as const),
        ),
      ),
    [analysis],
  );
  return (
    <>
      <p className={styles.summary}>
        <strong>
          {t('editor.graph.estimate', {
            duration: formatLength(analysis.estimatedSeconds * 1000),
          })}
        </strong>
        <span>{t('editor.graph.steps', { count: analysis.steps.length })}</span>
        <span>
          {t('editor.graph.parallel', {
            number: String(analysis.maxParallel),
          })}
        </span>
        <span>{t(`editor.graph.complexity.${analysis.complexity.level}`)}</span>
      </p>
      <StepsGraph
        label={t('editor.graph.label')}
        steps={analysis.steps.map(step => ({
          id: step.name,
          title: step.name,
          subtitle: `${formatLength(step.seconds * 1000)} · ${step.type}`,
          stage: levels.get(step.name) ?? 0,
          dependsOn: step.dependsOn,
          heavy: analysis.criticalPath.includes(step.name),
        }))}
      />
      <AnalysisTable analysis={analysis} levels={levels} />
      <Panel title={t('editor.graph.risks')}>
        {analysis.risks.length === 0 && (
          <p className={styles.text}>{t('editor.graph.noRisks')}</p>
        )}
        <ul className={styles.risks}>
          {analysis.risks.map((risk, index) => (
            <li key={index}>
              <span className={styles.severity} data-severity={risk.severity}>
                {t(`common.diagnostics.${risk.severity}`)}
              </span>{' '}
              {risk.message}
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={t('editor.graph.assumptions')}>
        <ul className={styles.risks}>
          {analysis.assumptions.map(sentence => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Panel>
    </>
  );
}
