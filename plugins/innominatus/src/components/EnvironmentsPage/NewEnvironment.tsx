import {
  AllowedAction,
  Environment,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { useText } from '../../translation';
import { ActionButton } from '../shared';
import { NewEnvironmentDialog } from './NewEnvironmentDialog';

export interface NewEnvironmentProps {
  environments: Environment[];
  onCreated: (environment: Environment) => void;
}

/** Makes the short-lived environment of a branch or a pull request. */
export function NewEnvironment(props: NewEnvironmentProps) {
  const { environments, onCreated } = props;
  const t = useText();
  const [open, setOpen] = useState(false);
  const origins = environments.filter(isOrigin);
  return (
    <>
      <ActionButton
        variant="primary"
        allowed={allowedOf(environments, t('environments.create.none'))}
        onPress={() => setOpen(true)}
      >
        {t('environments.create.action')}
      </ActionButton>
      {open && (
        <NewEnvironmentDialog
          origins={origins}
          environments={environments}
          onCreated={onCreated}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

function isOrigin({ copies, allowedActions }: Environment): boolean {
  return copies !== undefined && allowedActions?.copy.allowed === true;
}

/** Where nothing can be copied, the reason of what comes nearest to it. */
function allowedOf(environments: Environment[], none: string): AllowedAction {
  if (environments.some(isOrigin)) {
    return { allowed: true };
  }
  const offered = environments.find(({ copies }) => copies !== undefined);
  return {
    allowed: false,
    reason: offered?.allowedActions?.copy.reason ?? none,
  };
}
