import { useApi } from '@backstage/frontend-plugin-api';
import { Run, RunStep } from '@innominatus/backstage-plugin-innominatus-common';
import { useEffect } from 'react';
import { innominatusApiRef } from '../../api';
import { useNow, useQuery } from '../../hooks';
import { isMoving } from '../../lib/status';
import { useText } from '../../translation';
import { ErrorState, ListSkeleton, Panel, RunLink, StatusTag } from '../shared';
import styles from './RunPage.module.css';
import { runStatusDetail } from './statusDetail';

const POLL_MS = 5000;
const TICK_MS = 1000;
const LIMIT = 100;

/** Runs that a step of this run started, such as the provisioning of a resource. */
export function NestedRuns(props: { run: Run; step?: RunStep }) {
  const { run, step } = props;
  const ids = (step ? [step] : run.steps).flatMap(one => one.childRuns);
  return ids.length === 0 ? null : (
    <NestedRunList run={run} ids={ids} ofStep={step !== undefined} />
  );
}

interface NestedRunListProps {
  run: Run;
  ids: string[];
  ofStep: boolean;
}

function NestedRunList(props: NestedRunListProps) {
  const { run, ids, ofStep } = props;
  const api = useApi(innominatusApiRef);
  const t = useText();
  const query = useQuery({
    key: `children ${run.id} ${run.steps.flatMap(s => s.childRuns).join()}`,
    load: async signal =>
      (await api.listRuns({ parentRun: [run.id], limit: LIMIT, signal })).items,
    pollMs: runs =>
      runs.some(child => isMoving(child.status)) ? POLL_MS : undefined,
  });
  const { reload } = query;
  useEffect(() => {
    reload();
  }, [run.version, reload]);
  const children = query.data?.filter(child => ids.includes(child.id));
  const now = useNow(
    TICK_MS,
    children?.some(child => isMoving(child.status)) ?? false,
  );
  return (
    <Panel title={ofStep ? t('run.nested.title') : t('run.nested.titleAll')}>
      {query.status === 'loading' && <ListSkeleton rows={1} />}
      {query.status === 'error' && (
        <ErrorState error={query.error} onRetry={query.reload} />
      )}
      {children && (
        <ul className={styles.list}>
          {children.map(child => (
            <li key={child.id} className={styles.listItem}>
              <RunLink runId={child.id}>
                {t('run.nested.run', { number: String(child.number) })}{' '}
                {child.title ?? child.workflow}
              </RunLink>
              <StatusTag
                status={child.status}
                detail={runStatusDetail(child, now, t)}
              />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
