import { BreadcrumbEntry, useRouteRef } from '@backstage/frontend-plugin-api';
import { Alert, Container } from '@backstage/ui';
import { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { runRouteRef } from '../../routes';
import { useText } from '../../translation';
import { Announcements } from './Announcements';
import { RunApprovals } from './RunApprovals';
import { RunDeployment } from './RunDeployment';
import { RunDetails } from './RunDetails';
import { RunFailure } from './RunFailure';
import { RunHeader } from './RunHeader';
import { RunLinks } from './RunLinks';
import styles from './RunPage.module.css';
import { RunSteps } from './RunSteps';
import { useRunView } from './useRunView';

export interface RunPageContentProps {
  run: Run;
  polling: boolean;
}

export function RunPageContent(props: RunPageContentProps) {
  const { run, polling } = props;
  const t = useText();
  const link = useRouteRef(runRouteRef);
  const control = useRunView();
  // A failed run opens at the step that failed.
  const failedStep =
    run.status === 'failed' && !control.step ? run.failure?.step : undefined;
  const step = run.steps.find(
    candidate => candidate.name === (control.step ?? failedStep),
  );
  const title = t('run.title', { number: String(run.number) });
  return (
    <BreadcrumbEntry
      entry={{ label: title, href: link?.({ runId: run.id }) ?? '.' }}
    >
      <main>
        <RunHeader run={run} />
        <Container pb="6">
          <Announcements run={run} />
          <div className={styles.root}>
            {polling && <Alert status="info" icon title={t('run.stale')} />}
            <RunLinks run={run} />
            <RunFailure run={run} control={control} />
            <RunDeployment run={run} />
            <RunApprovals run={run} />
            <div className={styles.columns}>
              <RunSteps run={run} selected={step?.name} control={control} />
              <RunDetails run={run} step={step} control={control} />
            </div>
          </div>
        </Container>
      </main>
    </BreadcrumbEntry>
  );
}
