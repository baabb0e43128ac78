import {
  ApplicationDrift,
  DriftStatus,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useMemo, useState } from 'react';
import { PlanSubject } from '../../hooks';
import { useText } from '../../translation';
import { PlanDialog } from '../PlanDialog';
import { ActionButton } from '../shared';
import { AcceptDriftDialog } from './AcceptDriftDialog';
import styles from './Drift.module.css';

export interface DriftActionsProps {
  application: { environment: string; name: string };
  /** The manifests of the application without it. */
  resource?: { uid: string; name: string };
  item: { status: DriftStatus; version: string };
  allowedActions: ApplicationDrift['allowedActions'];
  onChanged: () => void;
}

/** Accept and revert, where there is something to accept or to revert. */
export function DriftActions(props: DriftActionsProps) {
  const { application, resource, item, allowedActions, onChanged } = props;
  const t = useText();
  const [open, setOpen] = useState<'accept' | 'revert'>();
  const close = () => setOpen(undefined);
  const { environment, name } = application;
  const resourceName = resource?.name;
  const subject = useMemo<PlanSubject>(
    () => ({
      environment,
      name,
      entityRef: '',
      change: {
        action: 'repair',
        ...(resourceName === undefined ? {} : { resources: [resourceName] }),
      },
    }),
    [environment, name, resourceName],
  );
  if (item.status !== 'drifted' && item.status !== 'missing') {
    return null;
  }
  const label = resource?.name ?? t('drift.accept.manifestsName');
  return (
    <div className={styles.actions}>
      <ActionButton
        size="small"
        variant="secondary"
        allowed={allowedActions.accept}
        aria-label={t('drift.accept.named', { name: label })}
        onPress={() => setOpen('accept')}
      >
        {t('drift.accept.action')}
      </ActionButton>
      <ActionButton
        size="small"
        variant="secondary"
        allowed={allowedActions.repair}
        aria-label={
          resource ? t('drift.revertNamed', { name: label }) : undefined
        }
        onPress={() => setOpen('revert')}
      >
        {t(resource ? 'drift.revert' : 'drift.repair')}
      </ActionButton>
      {open === 'accept' && (
        <AcceptDriftDialog
          application={application}
          resource={resource}
          version={item.version}
          onAccepted={onChanged}
          onClose={close}
        />
      )}
      {open === 'revert' && <PlanDialog subject={subject} onClose={close} />}
    </div>
  );
}
