import {
  toastApiRef,
  useApi,
  useRouteRef,
} from '@backstage/frontend-plugin-api';
import { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { useCallback } from 'react';
import { useNavigate } from 'react-router-dom';
import { innominatusApiRef } from '../api';
import { planRouteRef, runRouteRef } from '../routes';
import { useText } from '../translation';
import type { PlannedChange } from './usePlan';

const TOAST_MS = 8_000;

export interface DeployOptions {
  plan: Plan;
  /** Component whose Score spec was planned. */
  entityRef: string;
  /** What was planned instead of the spec of the component. */
  change?: PlannedChange;
  /** Stands in for the image of a Score spec that leaves it open. */
  image?: string;
  /** Why it is deployed although the environment is frozen. */
  overrideFreeze?: string;
}

/** Deploys exactly what a plan says, tells so with a link to the run or the approval, and goes there. */
export function useDeploy(): (options: DeployOptions) => Promise<void> {
  const api = useApi(innominatusApiRef);
  const toastApi = useApi(toastApiRef);
  const navigate = useNavigate();
  const runLink = useRouteRef(runRouteRef);
  const planLink = useRouteRef(planRouteRef);
  const t = useText();

  return useCallback(
    async options => {
      const { plan, entityRef, change, image, overrideFreeze } = options;
      const deployment = await api.deploy(
        { environment: plan.environment, name: plan.name },
        {
          ...(change ?? {
            action: plan.action,
            entityRef,
            ...(image === undefined ? {} : { image }),
            goldenPath: plan.goldenPath.name,
            parameters: plan.parameters,
          }),
          prune: plan.prune,
          planHash: plan.hash,
          ...(overrideFreeze === undefined ? {} : { overrideFreeze }),
        },
        // The same plan is deployed once, however often the button is pressed.
        { idempotencyKey: `plan-${plan.id}` },
      );
      const { runId, approvalId, number, environment } = deployment;
      const asks = runId === undefined && approvalId !== undefined;
      const href = asks
        ? planLink &&
          `${planLink({ planId: deployment.planId ?? plan.id })}?${new URLSearchParams({ approval: approvalId })}`
        : runId && runLink?.({ runId });
      toastApi.post({
        status: 'info',
        timeout: TOAST_MS,
        title: t(asks ? 'deployments.asked' : 'deployments.started', {
          number: String(number),
          environment,
        }),
        links: href
          ? [
              {
                href,
                label: asks
                  ? t('deployments.openApproval')
                  : t('deployments.openRun', {
                      number: String(deployment.runNumber ?? ''),
                    }),
              },
            ]
          : undefined,
      });
      if (href) {
        navigate(href);
      }
    },
    [api, toastApi, navigate, runLink, planLink, t],
  );
}
