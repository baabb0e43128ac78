import { Environment } from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { useText } from '../../translation';
import { ActionButton } from '../shared';
import { EndEnvironmentDialog } from './EndEnvironmentDialog';

export interface EndEnvironmentProps {
  environment: Environment;
  onEnded: () => void;
}

/** Removes an environment now, after what is in it was shown. */
export function EndEnvironment(props: EndEnvironmentProps) {
  const { environment, onEnded } = props;
  const { name, title = name } = environment;
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <ActionButton
        size="small"
        variant="secondary"
        aria-label={t('environments.end.named', { name: title })}
        allowed={environment.allowedActions?.delete ?? { allowed: true }}
        onPress={() => setOpen(true)}
      >
        {t('environments.end.action')}
      </ActionButton>
      {open && (
        <EndEnvironmentDialog
          environment={environment}
          onEnded={onEnded}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
