import {
  toastApiRef,
  useApi,
  useRouteRef,
} from '@backstage/frontend-plugin-api';
import { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { useCallback } from 'react';
import { useNavigate } from 'react-router-dom';
import { innominatusApiRef } from '../api';
import { runRouteRef } from '../routes';
import { useText } from '../translation';
import type { PlannedChange } from './usePlan';

const TOAST_MS = 8_000;

export interface DeployOptions {
  plan: Plan;
  /** Component whose Score spec was planned. */
  entityRef: string;
  /** What was planned instead of the spec of the component. */
  change?: PlannedChange;
}

/** Deploys exactly what a plan says, tells so with a link to the run, and goes there. */
export function useDeploy(): (options: DeployOptions) => Promise<void> {
  const api = useApi(innominatusApiRef);
  const toastApi = useApi(toastApiRef);
  const navigate = useNavigate();
  const runLink = useRouteRef(runRouteRef);
  const t = useText();

  return useCallback(
    async options => {
      const { plan, entityRef, change } = options;
      const deployment = await api.deploy(
        { environment: plan.environment, name: plan.name },
        {
          ...(change ?? {
            action: plan.action,
            entityRef,
            goldenPath: plan.goldenPath.name,
            parameters: plan.parameters,
          }),
          planHash: plan.hash,
        },
        // The same plan is deployed once, however often the button is pressed.
        { idempotencyKey: `plan-${plan.id}` },
      );
      const href = deployment.runId
        ? runLink?.({ runId: deployment.runId })
        : undefined;
      toastApi.post({
        status: 'info',
        timeout: TOAST_MS,
        title: t('deployments.started', {
          number: String(deployment.number),
          environment: deployment.environment,
        }),
        links: href
          ? [
              {
                href,
                label: t('deployments.openRun', {
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
    [api, toastApi, navigate, runLink, t],
  );
}
