import { useApi } from '@backstage/frontend-plugin-api';
import { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import {
  EnvironmentRow,
  PlannedChange,
  isImageMissing,
  useDeploy,
} from '../../hooks';
import { isProduction } from '../../lib/environments';
import { Workload } from '../../lib/workload';
import { useText } from '../../translation';
import { PlanDialog } from '../PlanDialog';
import { ActionButton } from '../shared';
import styles from './DeploymentsTab.module.css';

const ALLOWED = { allowed: true };

export interface EnvironmentActionsProps {
  row: EnvironmentRow;
  /** The environment before this one, in the order of the platform team. */
  before?: EnvironmentRow;
  workload: Workload;
  onError: (error: Error | undefined) => void;
}

/**
 * Plan shows what would change. Deploy goes ahead at once, except where a
 * person should look first: in production, when something is deleted, and while
 * the environment is frozen.
 */
export function EnvironmentActions(props: EnvironmentActionsProps) {
  const { row, before, workload, onError } = props;
  const { environment, application } = row;
  const api = useApi(innominatusApiRef);
  const t = useText();
  const deploy = useDeploy();
  const [busy, setBusy] = useState(false);
  const [dialog, setDialog] = useState<{
    plan?: Plan;
    change?: PlannedChange;
  }>();
  const title = environment.title ?? environment.name;
  const subject = {
    environment: environment.name,
    name: workload.name,
    entityRef: workload.entityRef,
  };

  // Only what runs there can be taken over.
  const source = before?.application?.revision ? before.environment : undefined;

  const deployNow = async () => {
    setBusy(true);
    onError(undefined);
    try {
      const plan = await api.plan(subject, {
        action: 'deploy',
        entityRef: workload.entityRef,
      });
      if (
        isProduction(environment) ||
        plan.summary.delete > 0 ||
        plan.allowedActions.overrideFreeze
      ) {
        setDialog({ plan });
      } else {
        await deploy({ plan, entityRef: workload.entityRef });
      }
    } catch (error) {
      if (isImageMissing(error)) {
        // The dialog asks for it.
        setDialog({});
        return;
      }
      onError(error as Error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className={styles.actions}>
      <ActionButton
        size="small"
        variant="secondary"
        allowed={application?.allowedActions.plan ?? ALLOWED}
        aria-label={t('deployments.planFor', { environment: title })}
        onPress={() => setDialog({})}
      >
        {t('deployments.plan')}
      </ActionButton>
      <ActionButton
        size="small"
        variant="primary"
        allowed={application?.allowedActions.deploy ?? ALLOWED}
        aria-label={t('deployments.deployTo', { environment: title })}
        isPending={busy}
        onPress={deployNow}
      >
        {t('deployments.deploy')}
      </ActionButton>
      {source && (
        <ActionButton
          size="small"
          variant="secondary"
          allowed={application?.allowedActions.plan ?? ALLOWED}
          aria-label={t('deployments.promoteTo', {
            from: source.title ?? source.name,
            environment: title,
          })}
          onPress={() =>
            setDialog({ change: { action: 'promote', from: source.name } })
          }
        >
          {t('deployments.promote', { from: source.title ?? source.name })}
        </ActionButton>
      )}
      {dialog && (
        <PlanDialog
          subject={{ ...subject, change: dialog.change }}
          plan={dialog.plan}
          onClose={() => setDialog(undefined)}
        />
      )}
    </div>
  );
}
