import {
  ApplicationDrift,
  DriftStatus,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { useText } from '../../translation';
import { ActionButton } from '../shared';
import { AcceptDriftDialog } from './AcceptDriftDialog';
import styles from './Drift.module.css';
import { RepairButton } from './RepairButton';

export interface DriftActionsProps {
  application: { environment: string; name: string };
  /** The manifests of the application without it; they are repaired together. */
  resource?: { uid: string; name: string };
  item: { status: DriftStatus; version: string };
  allowedActions: ApplicationDrift['allowedActions'];
  onChanged: () => void;
}

/** Accept and revert, where there is something to accept or to revert. */
export function DriftActions(props: DriftActionsProps) {
  const { application, resource, item, allowedActions, onChanged } = props;
  const t = useText();
  const [accepting, setAccepting] = useState(false);
  if (item.status !== 'drifted' && item.status !== 'missing') {
    return null;
  }
  return (
    <div className={styles.actions}>
      <ActionButton
        size="small"
        variant="secondary"
        allowed={allowedActions.accept}
        aria-label={t('drift.accept.named', {
          name: resource?.name ?? t('drift.accept.manifestsName'),
        })}
        onPress={() => setAccepting(true)}
      >
        {t('drift.accept.action')}
      </ActionButton>
      {resource && (
        <RepairButton
          size="small"
          application={application}
          resource={resource.name}
          allowed={allowedActions.repair}
        />
      )}
      {accepting && (
        <AcceptDriftDialog
          application={application}
          resource={resource}
          version={item.version}
          onAccepted={onChanged}
          onClose={() => setAccepting(false)}
        />
      )}
    </div>
  );
}
