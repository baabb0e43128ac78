import {
  LoadedGoldenPath,
  PlanAction,
  applicationDeletePermission,
  applicationDeployPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Permission } from '@backstage/plugin-permission-common';
import { environmentInput } from '../environments/environmentInput';
import { isRemoval, needsApplication } from '../goldenPaths/goldenPathViews';
import { ProblemError } from '../http';
import { StartRunOptions } from '../runs/types';
import { PlannedDeployment } from './types';

/** Whether the workload goes away. */
export function isEndingAction(action: string): boolean {
  return action === 'delete' || action === 'deprovision';
}

/** Permission that a change of an application asks for. */
export function permissionFor(action: string): Permission {
  return isEndingAction(action)
    ? applicationDeletePermission
    : applicationDeployPermission;
}

/**
 * Throws for a golden path that does something else than the action says: who
 * may deploy may not always remove.
 */
export function requireFitting(
  goldenPath: LoadedGoldenPath,
  action: string,
): void {
  const { name } = goldenPath.metadata;
  const isEnding = isEndingAction(action);
  if (!needsApplication(goldenPath) || (isRemoval(goldenPath) && !isEnding)) {
    throw new ProblemError({
      status: 422,
      code: 'GOLDEN_PATH_INVALID',
      message: needsApplication(goldenPath)
        ? `The golden path "${name}" removes a workload. Use it with the action "delete" or "deprovision".`
        : `The golden path "${name}" does not work on a workload. Run it on its own.`,
    });
  }
}

export function countActions(
  planned: PlannedDeployment,
): Record<PlanAction, number> {
  const summary = { create: 0, update: 0, keep: 0, delete: 0 };
  for (const { action } of planned.resources) {
    summary[action] += 1;
  }
  return summary;
}

/** The run that carries a planned deployment out. */
export function toRunRequest(
  planned: PlannedDeployment,
  options: {
    runId: string;
    initiator: string;
    deployment: { id: string; number: number };
    priority?: number;
  },
): StartRunOptions {
  const { environment, identity, name, run, workload } = planned;
  return {
    ...options,
    definition: run.definition,
    title: `${titleOf(planned.action)} ${name} in ${environment.name}`,
    goldenPath: run.goldenPath.name,
    parameters: run.parameters,
    metadata: workload.metadata,
    environment: environmentInput(environment),
    application: {
      environment: environment.name,
      environmentType: environment.type,
      name,
      ...identity,
    },
    environmentLimit: environment.concurrency,
    concurrencyKey: `application:${environment.name}/${name}`,
  };
}

function titleOf(action: string): string {
  return `${action.charAt(0).toUpperCase()}${action.slice(1)}`;
}
