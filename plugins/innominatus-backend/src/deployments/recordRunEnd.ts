import { RunSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { ApplicationPatch, ApplicationStore } from '../applications/types';
import { BUSY_STATES } from '../resources/states';
import { ResourceStore } from '../resources/types';
import { DeploymentRecord, DeploymentStore } from './types';

export interface RecordRunEndOptions {
  knex: Knex;
  applications: ApplicationStore;
  deployments: DeploymentStore;
  resources: ResourceStore;
  /** Called once the result is stored, at least once. */
  onChange?: (deployment: DeploymentRecord) => void;
}

/**
 * Records the result of a deployment when its run ended. May be called again
 * for the same run: only the first call changes anything.
 */
export function createRunEndRecorder(
  options: RecordRunEndOptions,
): (run: RunSummary) => Promise<void> {
  const { knex } = options;
  return async run => {
    if (!run.deployment) {
      return;
    }
    const deployment = await options.deployments.findByRun(run.id);
    if (!deployment) {
      return;
    }
    await knex.transaction(async transaction => {
      const status = resultOf(run);
      const isFirst = await options.deployments.within(transaction).end({
        id: deployment.id,
        runId: run.id,
        status,
        failure: run.failure,
        endedAt: run.endedAt ? Date.parse(run.endedAt) : Date.now(),
      });
      if (!isFirst) {
        return;
      }
      await failAbandonedResources(
        deployment,
        options.resources.within(transaction),
      );
      const applications = options.applications.within(transaction);
      const application = await applications.get(deployment.applicationId);
      // A later deployment says more about the application than this one.
      const isLatest = application?.lastDeploymentId === deployment.id;
      const revision = await applications.revision({
        applicationId: deployment.applicationId,
        number: deployment.revision,
      });
      await applications.update(deployment.applicationId, {
        ...(status === 'succeeded'
          ? toResult(deployment, revision?.version)
          : {}),
        ...(isLatest ? { status: statusOf(deployment, status) } : {}),
      });
    });
    options.onChange?.(deployment);
  };
}

function resultOf(run: RunSummary): 'succeeded' | 'failed' | 'cancelled' {
  return run.status === 'succeeded' || run.status === 'cancelled'
    ? run.status
    : 'failed';
}

function isEnding(deployment: DeploymentRecord): boolean {
  return deployment.action === 'delete' || deployment.action === 'deprovision';
}

function statusOf(
  deployment: DeploymentRecord,
  status: 'succeeded' | 'failed' | 'cancelled',
): ApplicationPatch['status'] {
  return isEnding(deployment) && status === 'succeeded' ? 'none' : status;
}

function toResult(
  deployment: DeploymentRecord,
  version: string | undefined,
): ApplicationPatch {
  if (!isEnding(deployment)) {
    return {
      revision: deployment.revision,
      version: version ?? null,
      monthlyCost: deployment.monthlyCost ?? null,
    };
  }
  return {
    revision: null,
    version: null,
    monthlyCost: null,
    ...(deployment.action === 'delete' ? { deletedAt: Date.now() } : {}),
  };
}

/**
 * A step that was stopped by force leaves its resource in the middle. With the
 * run over nobody works on it any more, so it must not look as if.
 */
async function failAbandonedResources(
  deployment: DeploymentRecord,
  resources: ResourceStore,
): Promise<void> {
  const used = await resources.listUsedBy({
    environment: deployment.environment,
    workload: deployment.name,
  });
  const touched = new Set([
    ...deployment.work.resources
      .filter(resource => resource.action !== 'keep')
      .map(resource => resource.uid),
    ...deployment.work.removals.map(removal => removal.uid),
  ]);
  for (const record of used) {
    if (
      touched.has(record.uid) &&
      record.sharedId === undefined &&
      BUSY_STATES.includes(record.state)
    ) {
      await resources.transition({
        id: record.id,
        to: 'failed',
        reason: `Deployment ${deployment.number} ended while it was ${record.state}`,
        by: deployment.createdBy,
        patch: {
          error: 'The deployment was stopped in the middle of the work',
        },
      });
    }
  }
}
