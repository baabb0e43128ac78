import {
  AllowedAction,
  Run,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ButtonProps } from '@backstage/ui';
import { useState } from 'react';
import { useText } from '../../translation';
import { ActionButton } from '../shared';
import { FollowUpDialog } from './FollowUpDialog';

export interface FollowUpRunProps {
  run: Run;
  verb: 'retry' | 'undo';
  /** Only for a retry: run again from this step, even if it succeeded. */
  from?: string;
  variant?: ButtonProps['variant'];
}

/** Retries or undoes a run after showing what that means. */
export function FollowUpRun(props: FollowUpRunProps) {
  const { run, verb, from, variant = 'secondary' } = props;
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <ActionButton
        variant={variant}
        allowed={from === undefined ? run.allowedActions[verb] : ofPart(run)}
        onPress={() => setOpen(true)}
      >
        {from === undefined ? t(`run.${verb}.action`) : t('run.retry.from')}
      </ActionButton>
      {open && (
        <FollowUpDialog
          run={run}
          verb={verb}
          from={from}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

/** A part of a run that succeeded can be run again; its preview has the rest. */
function ofPart(run: Run): AllowedAction {
  return run.status === 'succeeded' && !run.retriedBy && !run.undoneBy
    ? { allowed: true }
    : run.allowedActions.retry;
}
