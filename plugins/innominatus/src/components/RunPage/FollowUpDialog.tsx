import { useApi, useRouteRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Checkbox,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
} from '@backstage/ui';
import {
  RetryPreview,
  Run,
  RunSummary,
  UndoPreview,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { InnominatusApi, innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { runRouteRef } from '../../routes';
import { useText } from '../../translation';
import { ConfirmButton, ErrorState, ListSkeleton } from '../shared';
import { FollowUpSteps } from './FollowUpSteps';
import styles from './RunPage.module.css';

export interface FollowUpDialogProps {
  run: Run;
  verb: 'retry' | 'undo';
  from?: string;
  onClose: () => void;
}

/** What a retry or an undo does, what has to be agreed to, and the button. */
export function FollowUpDialog(props: FollowUpDialogProps) {
  const { run, verb, from, onClose } = props;
  const api = useApi(innominatusApiRef);
  const t = useText();
  // Stays when the preview is loaded again because of it.
  const [error, setError] = useState<Error>();
  const preview = useQuery<RetryPreview | UndoPreview>({
    key: `${verb}/${run.id}/${from ?? ''}`,
    load: signal =>
      verb === 'retry'
        ? api.getRetryPreview(run.id, { from, signal })
        : api.getUndoPreview(run.id, { signal }),
  });
  const number = String(run.number);
  return (
    <Dialog
      isOpen
      isDismissable
      width={640}
      onOpenChange={isOpen => {
        if (!isOpen) {
          onClose();
        }
      }}
    >
      <DialogHeader>
        {from === undefined
          ? t(`run.${verb}.title`, { number })
          : t('run.retry.titleFrom', { number, step: from })}
      </DialogHeader>
      {preview.data ? (
        // A new preview has to be agreed to anew.
        <Agreement
          key={preview.data.version}
          {...props}
          preview={preview.data}
          error={error}
          onError={failure => {
            setError(failure);
            preview.reload();
          }}
        />
      ) : (
        <DialogBody>
          {preview.status === 'error' ? (
            <ErrorState
              title={t('run.followUp.noPreview')}
              error={preview.error}
            />
          ) : (
            <ListSkeleton />
          )}
        </DialogBody>
      )}
    </Dialog>
  );
}

interface AgreementProps extends FollowUpDialogProps {
  preview: RetryPreview | UndoPreview;
  error: Error | undefined;
  onError: (error: Error) => void;
}

function Agreement(props: AgreementProps) {
  const { run, verb, from, preview, error, onError, onClose } = props;
  const api = useApi(innominatusApiRef);
  const link = useRouteRef(runRouteRef);
  const navigate = useNavigate();
  const t = useText();
  const [agreed, setAgreed] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const isComplete = preview.acknowledge.every(step => agreed.includes(step));

  const start = async () => {
    setBusy(true);
    try {
      const started = await send(api, { run, verb, from, preview });
      onClose();
      navigate(link?.({ runId: started.id }) ?? '.');
    } catch (failure) {
      setBusy(false);
      onError(failure as Error);
    }
  };

  return (
    <>
      <DialogBody>
        <div className={styles.root}>
          {!preview.allowed && (
            <Alert status="warning" icon title={preview.reason} />
          )}
          <FollowUpSteps run={run} preview={preview} />
          {preview.allowed && preview.acknowledge.length > 0 && (
            <fieldset className={styles.agreement}>
              <legend>{t('run.followUp.touches')}</legend>
              {preview.acknowledge.map(step => (
                <Checkbox
                  key={step}
                  isSelected={agreed.includes(step)}
                  onChange={isSelected =>
                    setAgreed(now =>
                      isSelected
                        ? [...now, step]
                        : now.filter(other => other !== step),
                    )
                  }
                >
                  {t(`run.${verb}.agree`, { step: titleOf(run, step) })}
                </Checkbox>
              ))}
            </fieldset>
          )}
          {error && (
            <ErrorState title={t('run.followUp.failed')} error={error} />
          )}
        </div>
      </DialogBody>
      <DialogFooter>
        <ConfirmButton
          destructive={verb === 'undo'}
          isDisabled={!preview.allowed || !isComplete}
          isPending={busy}
          onPress={start}
        >
          {t(`run.${verb}.confirm`)}
        </ConfirmButton>
        <Button variant="secondary" onPress={onClose}>
          {t('run.followUp.close')}
        </Button>
      </DialogFooter>
    </>
  );
}

/** The same preview starts one run, however often the button is pressed. */
function send(
  api: InnominatusApi,
  options: Pick<AgreementProps, 'from' | 'preview' | 'run' | 'verb'>,
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
