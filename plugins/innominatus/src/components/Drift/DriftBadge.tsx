import { Button } from '@backstage/ui';
import { ApplicationSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { useText } from '../../translation';
import { StatusTag } from '../shared';
import styles from './Drift.module.css';
import { DriftDialog } from './DriftDialog';

/** `Drift (1)`, which opens what differs; nothing where nothing does. */
export function DriftBadge(props: { application: ApplicationSummary }) {
  const { drift, environment, name } = props.application;
  const t = useText();
  const [open, setOpen] = useState(false);
  const count = drift?.count ?? 0;
  // What was accepted or repaired in the dialog takes the badge away, not the dialog.
  if (count === 0 && !open) {
    return null;
  }
  return (
    <>
      {count > 0 && (
        <Button
          className={styles.badge}
          size="small"
          variant="tertiary"
          aria-label={t('drift.badgeNamed', {
            application: `${environment}/${name}`,
            number: String(count),
          })}
          onPress={() => setOpen(true)}
        >
          <StatusTag
            status="degraded"
            word={t('drift.badge', { number: String(count) })}
          />
        </Button>
      )}
      {open && (
        <DriftDialog
          application={{ environment, name }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
