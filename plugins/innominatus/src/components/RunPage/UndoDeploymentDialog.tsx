import {
  toastApiRef,
  useApi,
  useRouteRef,
} from '@backstage/frontend-plugin-api';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
} from '@backstage/ui';
import {
  DeploymentSummary,
  PlanRequest,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { innominatusApiRef } from '../../api';
import { PlanState, QueryState, useQuery } from '../../hooks';
import { planRouteRef, runRouteRef } from '../../routes';
import { useText } from '../../translation';
import {
  CarryOutButton,
  FreezeReason,
  PlanOutcome,
  freezeOverrideOf,
} from '../PlanDialog';
import styles from './RunPage.module.css';

const TOAST_MS = 8_000;

export interface UndoDeploymentDialogProps {
  deployment: DeploymentSummary;
  /** The deployment that takes it back. */
  request: PlanRequest;
  onClose: () => void;
}

/** Shows what taking a deployment back changes, and does exactly that. */
export function UndoDeploymentDialog(props: UndoDeploymentDialogProps) {
  const { deployment, request, onClose } = props;
  const { id, environment, name } = deployment;
  const api = useApi(innominatusApiRef);
  const toastApi = useApi(toastApiRef);
  const navigate = useNavigate();
  const runLink = useRouteRef(runRouteRef);
  const planLink = useRouteRef(planRouteRef);
  const t = useText();
  const number = String(deployment.number);
  const query = useQuery({
    key: `undo ${id}`,
    load: signal => api.plan({ environment, name }, request, { signal }),
  });
  const plan = query.data;
  const [freezeReason, setFreezeReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();

  const undo = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const started = await api.undoDeployment(
        id,
        { planHash: plan?.hash, ...freezeOverrideOf(plan, freezeReason) },
        // The same plan is carried out once, however often it is pressed.
        { idempotencyKey: `undo-${id}-${plan?.id}` },
      );
      toastApi.post({
        status: 'info',
        timeout: TOAST_MS,
        title: t('run.recovery.done', { number }),
      });
      onClose();
      if (started.runId && runLink) {
        navigate(runLink({ runId: started.runId }));
      } else if (started.planId && started.approvalId && planLink) {
        navigate(
          `${planLink({ planId: started.planId })}?${new URLSearchParams({ approval: started.approvalId })}`,
        );
      }
    } catch (failure) {
      setError(failure as Error);
      setBusy(false);
      if ((failure as { code?: unknown }).code === 'PLAN_CHANGED') {
        query.reload();
      }
    }
  };

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
      <DialogHeader>{t('run.recovery.undoTitle', { number })}</DialogHeader>
      <DialogBody>
        <div className={styles.root}>
          <FreezeReason
            plan={plan}
            reason={freezeReason}
            onChange={setFreezeReason}
          />
          <PlanOutcome
            state={toPlanState(query, { busy, error })}
            onRetry={query.reload}
          />
        </div>
      </DialogBody>
      <DialogFooter>
        {plan && (
          <CarryOutButton
            plan={plan}
            label={t('run.recovery.undo')}
            freezeReason={freezeReason}
            isPending={busy}
            onPress={undo}
          />
        )}
        <Button variant="secondary" onPress={onClose}>
          {t('run.followUp.close')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function toPlanState(
  query: QueryState<Extract<PlanState, { status: 'planned' }>['plan']>,
  { busy, error }: { busy: boolean; error?: Error },
): PlanState {
  switch (query.status) {
    case 'loading':
      return { status: 'planning' };
    case 'error':
      return { status: 'failed', error: query.error };
    default:
      return {
        status: 'planned',
        plan: query.data,
        moved: false,
        deploying: busy,
        error,
      };
  }
}
