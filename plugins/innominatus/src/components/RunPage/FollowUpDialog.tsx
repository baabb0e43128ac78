import { useApi, useRouteRef } from '@backstage/frontend-plugin-api';
import { Alert, Checkbox } from '@backstage/ui';
import {
  RetryPreview,
  Run,
  RunSummary,
  UndoPreview,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { InnominatusApi, innominatusApiRef } from '../../api';
import { useAttempt, useQuery } from '../../hooks';
import { runRouteRef } from '../../routes';
import { useText } from '../../translation';
import { ConfirmDialog, ErrorState, ListSkeleton } from '../shared';
import { FollowUpSteps } from './FollowUpSteps';
import styles from './RunPage.module.css';

export interface FollowUpDialogProps {
  run: Run;
  verb: 'retry' | 'undo';
  from?: string;
  onClose: () => void;
}

const WIDTH = 640;

/** What a retry or an undo does, what has to be agreed to, and the button. */
export function FollowUpDialog(props: FollowUpDialogProps) {
  const { run, verb, from, onClose } = props;
  const api = useApi(innominatusApiRef);
  const link = useRouteRef(runRouteRef);
  const navigate = useNavigate();
  const t = useText();
  const query = useQuery<RetryPreview | UndoPreview>({
    key: `${verb}/${run.id}/${from ?? ''}`,
    load: signal =>
      verb === 'retry'
        ? api.getRetryPreview(run.id, { from, signal })
        : api.getUndoPreview(run.id, { signal }),
  });
  const preview = query.data;
  const [agreement, setAgreement] = useState<Agreement>();
  // A new preview has to be agreed to anew.
  const agreed =
    agreement && agreement.version === preview?.version ? agreement.steps : [];
  const { busy, error, attempt } = useAttempt();
  const number = String(run.number);

  const start = (shown: RetryPreview | UndoPreview) =>
    attempt(async () => {
      try {
        const started = await send(api, { run, verb, from, preview: shown });
        onClose();
        navigate(link?.({ runId: started.id }) ?? '.');
      } catch (failure) {
        // What was shown may be true no more.
        query.reload();
        throw failure;
      }
    });

  return (
    <ConfirmDialog
      title={
        from === undefined
          ? t(`run.${verb}.title`, { number })
          : t('run.retry.titleFrom', { number, step: from })
      }
      width={WIDTH}
      confirm={
        preview && {
          label: t(`run.${verb}.confirm`),
          destructive: verb === 'undo',
          isPending: busy,
          isDisabled:
            !preview.allowed ||
            !preview.acknowledge.every(step => agreed.includes(step)),
        }
      }
      back={t('run.followUp.close')}
      failure={error && { title: t('run.followUp.failed'), error }}
      onConfirm={() => preview && start(preview)}
      onClose={onClose}
    >
      {query.status === 'loading' && <ListSkeleton />}
      {query.status === 'error' && !preview && (
        <ErrorState title={t('run.followUp.noPreview')} error={query.error} />
      )}
      {preview && (
        <>
          {!preview.allowed && (
            <Alert status="warning" icon title={preview.reason} />
          )}
          <FollowUpSteps run={run} preview={preview} />
          {preview.allowed && preview.acknowledge.length > 0 && (
            <Acknowledge
              {...{ run, verb, agreed }}
              steps={preview.acknowledge}
              onChange={steps =>
                setAgreement({ version: preview.version, steps })
              }
            />
          )}
        </>
      )}
    </ConfirmDialog>
  );
}

/** What was agreed to of one preview. */
interface Agreement {
  version: string;
  steps: readonly string[];
}

interface AcknowledgeProps {
  run: Run;
  verb: 'retry' | 'undo';
  /** That touch systems outside. */
  steps: readonly string[];
  agreed: readonly string[];
  onChange: (agreed: readonly string[]) => void;
}

function Acknowledge(props: AcknowledgeProps) {
  const { run, verb, steps, agreed, onChange } = props;
  const t = useText();
  return (
    <fieldset className={styles.agreement}>
      <legend>{t('run.followUp.touches')}</legend>
      {steps.map(step => (
        <Checkbox
          key={step}
          isSelected={agreed.includes(step)}
          onChange={isSelected =>
            onChange(
              isSelected
                ? [...agreed, step]
                : agreed.filter(other => other !== step),
            )
          }
        >
          {t(`run.${verb}.agree`, { step: titleOf(run, step) })}
        </Checkbox>
      ))}
    </fieldset>
  );
}

/** The same preview starts one run, however often the button is pressed. */
function send(
  api: InnominatusApi,
  options: Pick<FollowUpDialogProps, 'from' | 'run' | 'verb'> & {
    preview: RetryPreview | UndoPreview;
  },
): Promise<RunSummary> {
  const { run, verb, from, preview } = options;
  const request = {
    previewVersion: preview.version,
    acknowledge: preview.acknowledge,
  };
  const call = { idempotencyKey: `${verb}-${run.id}-${preview.version}` };
  return verb === 'retry'
    ? api.retryRun(run.id, from ? { ...request, from } : request, call)
    : api.undoRun(run.id, request, call);
}

function titleOf(run: Run, name: string): string {
  return run.steps.find(step => step.name === name)?.title ?? name;
}
