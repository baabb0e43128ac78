import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  ApplicationSummary,
  RunStatus,
  applicationDeletePermission,
  applicationDeployPermission,
  applicationPlanPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { AccessControl } from '../access/types';
import { toTimestamp } from '../database';
import { DeploymentViews } from '../deployments/DeploymentViews';
import { DeploymentStore } from '../deployments/types';
import { DriftStore } from '../drift/types';
import { ResourceStore } from '../resources/types';
import { ApplicationRecord } from './types';

const PERMISSIONS = [
  applicationPlanPermission,
  applicationDeployPermission,
  applicationDeletePermission,
];

export interface ApplicationViewsOptions {
  resources: Pick<ResourceStore, 'healthOf'>;
  drift: Pick<DriftStore, 'countOf'>;
  deployments: DeploymentStore;
  deploymentViews: DeploymentViews;
  access: AccessControl;
}

/** Makes what the API answers out of stored applications. */
export class ApplicationViews {
  readonly #options: ApplicationViewsOptions;

  static create(options: ApplicationViewsOptions): ApplicationViews {
    return new ApplicationViews(options);
  }

  private constructor(options: ApplicationViewsOptions) {
    this.#options = options;
  }

  async toSummaries(
    records: ApplicationRecord[],
    credentials: BackstageCredentials,
  ): Promise<ApplicationSummary[]> {
    const { deployments, deploymentViews, resources, access } = this.#options;
    const last = await deployments.getMany(
      records.flatMap(record => record.lastDeploymentId ?? []),
    );
    const summaries = new Map(
      (await deploymentViews.toSummaries(last)).map(
        ({ runStatus, ...lastDeployment }) => [
          lastDeployment.id,
          { runStatus, lastDeployment },
        ],
      ),
    );
    const health = await resources.healthOf(records);
    const drifted = await this.#options.drift.countOf(records);
    const answers = await access.check(
      credentials,
      records.flatMap(subject =>
        PERMISSIONS.map(permission => ({ permission, subject })),
      ),
    );
    return records.map((record, index) => {
      const found = summaries.get(record.lastDeploymentId ?? '');
      const [plan, deploy, remove] = answers.slice(
        index * PERMISSIONS.length,
        (index + 1) * PERMISSIONS.length,
      );
      return {
        environment: record.environment,
        environmentType: record.environmentType,
        name: record.name,
        entityRef: record.entityRef,
        owner: record.owner,
        revision: record.revision,
        version: record.version,
        status: statusOf(record, found?.runStatus),
        lastDeployment: found?.lastDeployment,
        health: health[index],
        drift: { count: drifted[index] },
        createdAt: toTimestamp(record.createdAt),
        updatedAt: toTimestamp(record.updatedAt),
        allowedActions: { plan, deploy, delete: remove },
      };
    });
  }
}

/** While a deployment is in progress its run knows best. */
function statusOf(
  record: ApplicationRecord,
  runStatus: RunStatus | undefined,
): ApplicationRecord['status'] {
  return record.status === 'pending' &&
    runStatus !== undefined &&
    runStatus !== 'queued'
    ? runStatus
    : record.status;
}
