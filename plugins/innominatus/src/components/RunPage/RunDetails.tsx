import { Link, Tab, TabList, TabPanel, Tabs } from '@backstage/ui';
import { Run, RunStep } from '@innominatus/backstage-plugin-innominatus-common';
import { useNow } from '../../hooks';
import { isTerminal } from '../../lib/status';
import { useText } from '../../translation';
import { RunLog } from '../RunLog';
import { JsonValues, OutsideLink, Panel, StatusTag } from '../shared';
import { FollowUpRun } from './FollowUpRun';
import { NestedRuns } from './NestedRuns';
import { StepApproval } from './RunApprovals';
import styles from './RunPage.module.css';
import { StepAttempts } from './StepAttempts';
import { StepItems } from './StepItems';
import { stepStatusDetail } from './statusDetail';
import { DetailsTab, RunViewControl, TABS } from './useRunView';

const TICK_MS = 1000;

export interface RunDetailsProps {
  run: Run;
  step?: RunStep;
  control: RunViewControl;
}

/** What the chosen step did, or the whole run when none is chosen. */
export function RunDetails(props: RunDetailsProps) {
  const { run, step, control } = props;
  const t = useText();
  const ended = isTerminal(step?.status ?? run.status);
  return (
    <div className={styles.column}>
      <StepHead {...props} />
      <StepItems run={run} step={step} control={control} />
      <StepApproval step={step} />
      <Tabs
        selectedKey={control.tab}
        onSelectionChange={key => control.show({ tab: key as DetailsTab })}
      >
        <TabList aria-label={t('run.tabs.label')}>
          {TABS.map(tab => (
            <Tab key={tab} id={tab}>
              {t(`run.tabs.${tab}`)}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="logs" className={styles.panel}>
          <RunLog
            runId={run.id}
            fileName={`run-${run.number}${step ? `-${step.name}` : ''}.log`}
            step={step?.name}
            attempt={control.attempt}
            showStep={!step}
          />
        </TabPanel>
        <TabPanel id="inputs" className={styles.panel}>
          <Values
            title={step ? t('run.inputs.config') : t('run.inputs.parameters')}
            values={step ? step.config : run.parameters}
            empty={t('run.inputs.empty')}
          />
        </TabPanel>
        <TabPanel id="outputs" className={styles.panel}>
          <Values
            title={t('run.tabs.outputs')}
            values={(step ?? run).outputs}
            empty={ended ? t('run.outputs.emptyEnded') : t('run.outputs.empty')}
          />
        </TabPanel>
        <TabPanel id="attempts" className={styles.panel}>
          <StepAttempts runId={run.id} step={step} control={control} />
        </TabPanel>
      </Tabs>
      <NestedRuns run={run} step={step} />
    </div>
  );
}

function StepHead(props: RunDetailsProps) {
  const { run, step, control } = props;
  const t = useText();
  const now = useNow(TICK_MS, !isTerminal(run.status));
  if (!step) {
    return <h3 className={styles.stepTitle}>{t('run.allSteps')}</h3>;
  }
  return (
    <>
      <div className={styles.stepHead}>
        <h3 className={styles.stepTitle}>{step.title ?? step.name}</h3>
        <StatusTag
          status={step.status}
          detail={stepStatusDetail(step, now, t)}
        />
        <OutsideLink link={step.waiting?.link} />
        <Link href={control.linkTo({ step: undefined })}>
          {t('run.showAll')}
        </Link>
        {isTerminal(run.status) && !run.parentRun && (
          <FollowUpRun
            run={run}
            verb="retry"
            from={step.name}
            variant="tertiary"
          />
        )}
      </div>
      {step.error && (
        <p className={styles.reason}>
          {step.error.message} ({step.error.code})
        </p>
      )}
    </>
  );
}

interface ValuesProps {
  title: string;
  values: Run['parameters'];
  empty: string;
}

function Values(props: ValuesProps) {
  return (
    <Panel title={props.title}>
      {Object.keys(props.values).length === 0 ? (
        <span>{props.empty}</span>
      ) : (
        <JsonValues values={props.values} />
      )}
    </Panel>
  );
}
