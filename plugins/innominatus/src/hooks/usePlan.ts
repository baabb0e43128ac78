import { useApi } from '@backstage/frontend-plugin-api';
import {
  Diagnostic,
  Plan,
  PlanRequest,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { innominatusApiRef } from '../api';
import { useDeploy } from './useDeploy';

/** What is deployed, when it is not the Score spec of the component as it is. */
export type PlannedChange =
  | { action: 'rollback'; target?: PlanRequest['target'] }
  | { action: 'promote'; from: string }
  | { action: 'repair'; resources?: string[] }
  | ({ action: 'delete' | 'deprovision' } & Pick<
      PlanRequest,
      'goldenPath' | 'parameters'
    >);

/** It stands in when nobody wrote one, and can then not be asked for by name. */
const DEFAULT_REMOVAL = 'undeploy-app';

/** What a plan that was made elsewhere goes back to, takes over or takes away. */
export function changeOf(plan: Plan): PlannedChange | undefined {
  const { action, target, from } = plan;
  if (action === 'rollback') {
    return { action, target };
  }
  if (action === 'repair') {
    return { action, resources: plan.repairs };
  }
  if (action === 'delete' || action === 'deprovision') {
    const { name } = plan.goldenPath;
    return {
      action,
      goldenPath: name === DEFAULT_REMOVAL ? undefined : name,
      parameters: plan.parameters,
    };
  }
  return action === 'promote' && from !== undefined
    ? { action, from }
    : undefined;
}

export interface PlanSubject {
  environment: string;
  name: string;
  entityRef: string;
  change?: PlannedChange;
  /** Stands in for the image of a Score spec that leaves it open. */
  image?: string;
}

/** From asking for a plan to deploying it, with everything in between. */
export type PlanState =
  | { status: 'planning' }
  | { status: 'failed'; error: Error }
  | {
      status: 'planned';
      plan: Plan;
      /** The plan before this one was no longer true. */
      moved: boolean;
      deploying: boolean;
      error?: Error;
    };

export interface UsePlanResult {
  state: PlanState;
  replan: () => void;
  /** The image that the plan is made with, where the Score spec leaves it open. */
  image?: string;
  /** Plans again, with this image. */
  planWith: (image: string) => void;
  /** Answers true when the deployment has started. */
  deploy: (options?: { overrideFreeze?: string }) => Promise<boolean>;
}

/** Plans a deployment of a component, and deploys what was planned. */
export function usePlan(subject: PlanSubject, initial?: Plan): UsePlanResult {
  const { environment, name, entityRef, change } = subject;
  const api = useApi(innominatusApiRef);
  const startDeployment = useDeploy();
  const [state, setState] = useState<PlanState>(
    initial
      ? { status: 'planned', plan: initial, moved: false, deploying: false }
      : { status: 'planning' },
  );
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  const show = useCallback((next: PlanState) => {
    if (mounted.current) {
      setState(next);
    }
  }, []);

  const [image, setImage] = useState(subject.image);
  const request = useMemo(
    () => requestOf({ entityRef, change, initial, image }),
    [entityRef, change, initial, image],
  );
  const makePlan = useCallback(
    async (moved: boolean) => {
      show({ status: 'planning' });
      try {
        const plan = await api.plan({ environment, name }, request);
        show({ status: 'planned', plan, moved, deploying: false });
      } catch (error) {
        show({ status: 'failed', error: error as Error });
      }
    },
    [api, environment, name, request, show],
  );

  const needsPlan = initial === undefined || image !== subject.image;
  useEffect(() => {
    if (needsPlan) {
      makePlan(false);
    }
  }, [needsPlan, makePlan]);

  const deploy = useCallback<UsePlanResult['deploy']>(
    async options => {
      if (state.status !== 'planned' || state.deploying) {
        return false;
      }
      const { plan } = state;
      show({ ...state, deploying: true, error: undefined });
      try {
        await startDeployment({ plan, entityRef, change, image, ...options });
        return true;
      } catch (error) {
        if (codeOf(error) === 'PLAN_CHANGED') {
          await makePlan(true);
        } else {
          show({ ...state, deploying: false, error: error as Error });
        }
        return false;
      }
    },
    [state, startDeployment, entityRef, change, image, makePlan, show],
  );

  const replan = useCallback(() => {
    makePlan(false);
  }, [makePlan]);

  return { state, replan, image, planWith: setImage, deploy };
}

/** Asks for the same again, also for a plan that somebody else made. */
function requestOf(
  subject: Pick<PlanSubject, 'entityRef' | 'change' | 'image'> & {
    initial?: Plan;
  },
): PlanRequest {
  const { entityRef, change, initial, image } = subject;
  return {
    ...(change ?? {
      action: 'deploy',
      entityRef,
      ...(image === undefined ? {} : { image }),
      goldenPath: initial?.goldenPath.name,
      parameters: initial?.parameters,
    }),
    prune: initial?.prune,
  };
}

/** Whether there is no plan for want of an image alone. */
export function isImageMissing(error: unknown): boolean {
  const { issues } = error as { issues?: Diagnostic[] };
  const errors = issues?.filter(({ severity }) => severity === 'error') ?? [];
  return (
    errors.length > 0 &&
    errors.every(({ code }) => code === 'SCORE_IMAGE_MISSING')
  );
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}
