import { Tab, TabList, TabPanel, Tabs } from '@backstage/ui';
import { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { useMemo } from 'react';
import { useNow } from '../../hooks';
import { isTerminal } from '../../lib/status';
import { Text, useText } from '../../translation';
import { GraphStep, StepsGraph } from '../StepsGraph';
import styles from './RunPage.module.css';
import { itemsByStep, progressOf } from './items';
import { StepsTable } from './StepsTable';
import { StepsTimeline } from './StepsTimeline';
import { stepStatusDetail } from './statusDetail';
import { RunViewControl, VIEWS, View } from './useRunView';

const TICK_MS = 1000;

export interface RunStepsProps {
  run: Run;
  selected?: string;
  control: RunViewControl;
}

/** The steps of a run as a graph, on a timeline, or in rows. */
export function RunSteps(props: RunStepsProps) {
  const { run, selected, control } = props;
  const t = useText();
  const now = useNow(TICK_MS, !isTerminal(run.status));
  const number = String(run.number);
  return (
    <div className={styles.column}>
      <Tabs
        selectedKey={control.view}
        onSelectionChange={key => control.show({ view: key as View })}
      >
        <TabList aria-label={t('run.view.label')}>
          {VIEWS.map(view => (
            <Tab key={view} id={view}>
              {t(`run.view.${view}`)}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="graph" className={styles.panel}>
          <RunGraph {...props} now={now} />
        </TabPanel>
        <TabPanel id="timeline" className={styles.panel}>
          <StepsTimeline
            label={t('run.timeline.label', { number })}
            run={run}
            control={control}
            now={now}
          />
        </TabPanel>
        <TabPanel id="table" className={styles.panel}>
          <StepsTable
            run={run}
            selected={selected}
            control={control}
            now={now}
          />
        </TabPanel>
      </Tabs>
    </div>
  );
}

function RunGraph(props: RunStepsProps & { now: number }) {
  const { run, selected, control, now } = props;
  const t = useText();
  const steps = graphSteps({ run, control, now, t });
  // Each second makes new objects; only different ones may move the graph.
  const key = JSON.stringify(steps);
  const stable = useMemo(() => JSON.parse(key) as GraphStep[], [key]);
  return (
    <StepsGraph
      label={t('run.graph.label', { number: String(run.number) })}
      steps={stable}
      selected={
        run.steps.find(step => step.name === selected)?.parent ?? selected
      }
    />
  );
}

interface GraphStepsOptions {
  run: Run;
  control: RunViewControl;
  now: number;
  t: Text;
}

/** Items of one step are one node: a hundred of them cannot be read as a graph. */
function graphSteps(options: GraphStepsOptions): GraphStep[] {
  const { run, control, now, t } = options;
  const itemsOf = itemsByStep(run);
  const shown = run.steps.filter(step => step.parent === undefined);
  return shown.map(step => {
    const items = itemsOf.get(step.name);
    const detail = items ? progressOf(items) : stepStatusDetail(step, now, t);
    const status = t(`common.status.${step.status}`);
    const attempt =
      step.attempt > 1
        ? t('run.graph.attempts', { attempt: String(step.attempt) })
        : undefined;
    return {
      id: step.name,
      title: step.title ?? step.name,
      subtitle: [status, attempt ?? detail].filter(Boolean).join(' '),
      stage: step.stage,
      dependsOn: step.dependsOn,
      status: step.status,
      to: control.linkTo({ step: step.name }),
    };
  });
}
