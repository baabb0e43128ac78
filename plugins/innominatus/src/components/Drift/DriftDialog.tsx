import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
} from '@backstage/ui';
import { ApplicationDrift } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { ActionButton, ErrorState, ListSkeleton, Panel } from '../shared';
import styles from './Drift.module.css';
import { DriftActions } from './DriftActions';
import { DriftChanges } from './DriftChanges';
import { DriftStatusTag } from './DriftStatusTag';
import { ManifestsDriftPanel } from './ManifestsDriftPanel';
import { RepairButton } from './RepairButton';
import { useDrift } from './useDrift';

export interface DriftDialogProps {
  application: { environment: string; name: string };
  onClose: () => void;
}

/** Everything of an application that is not as recorded. */
export function DriftDialog(props: DriftDialogProps) {
  const { application, onClose } = props;
  const t = useText();
  const { query, check, checking, checkError } = useDrift(application);
  const { data } = query;
  return (
    <Dialog
      isOpen
      isDismissable
      width="min(64rem, 92vw)"
      height="min(52rem, 88vh)"
      onOpenChange={isOpen => {
        if (!isOpen) {
          onClose();
        }
      }}
    >
      <DialogHeader>
        {t('drift.dialogTitle', {
          application: `${application.environment}/${application.name}`,
        })}
      </DialogHeader>
      <DialogBody>
        <div className={styles.dialog}>
          {query.status === 'error' && (
            <ErrorState error={query.error} onRetry={query.reload} />
          )}
          {query.status === 'loading' && <ListSkeleton rows={4} />}
          {checkError && (
            <ErrorState title={t('drift.checkFailed')} error={checkError} />
          )}
          {data && (
            <Found
              drift={data}
              application={application}
              onChanged={query.reload}
            />
          )}
        </div>
      </DialogBody>
      <DialogFooter>
        {data && data.count > 0 && (
          <RepairButton
            application={application}
            allowed={data.allowedActions.repair}
          />
        )}
        {data && (
          <ActionButton
            variant="secondary"
            allowed={data.allowedActions.check}
            isPending={checking}
            onPress={check}
          >
            {t('drift.check')}
          </ActionButton>
        )}
        <Button variant="secondary" onPress={onClose}>
          {t('drift.close')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function Found(props: {
  drift: ApplicationDrift;
  application: DriftDialogProps['application'];
  onChanged: () => void;
}) {
  const { drift, application, onChanged } = props;
  const t = useText();
  const { resources, manifests, allowedActions } = drift;
  const common = { application, allowedActions, onChanged };
  return (
    <>
      {resources.length === 0 && !manifests && (
        <p className={styles.text}>{t('drift.never')}</p>
      )}
      {resources.length > 0 && (
        <Panel title={t('drift.resources')}>
          {resources.map(item => (
            <div key={item.uid} className={styles.item}>
              <strong>
                {item.type} "{item.name}"
              </strong>
              <DriftStatusTag drift={item} />
              {item.message && <p className={styles.text}>{item.message}</p>}
              {item.changes.length > 0 && (
                <DriftChanges changes={item.changes} />
              )}
              <DriftActions {...common} resource={item} item={item} />
            </div>
          ))}
        </Panel>
      )}
      {manifests && <ManifestsDriftPanel {...common} manifests={manifests} />}
    </>
  );
}
