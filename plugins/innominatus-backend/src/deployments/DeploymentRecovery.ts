import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  AllowedAction,
  DeploymentRecovery,
  PlanRequest,
} from '@innominatus/backstage-plugin-innominatus-common';
import { AccessControl } from '../access/types';
import { ApplicationStore } from '../applications/types';
import { ProblemError } from '../http';
import { ResourceStore } from '../resources/types';
import { FollowUpRuns } from '../runs/followUps';
import { permissionFor } from './deploymentActions';
import { DeploymentRecord, DeploymentStore } from './types';

export interface DeploymentRecoveriesOptions {
  applications: ApplicationStore;
  deployments: DeploymentStore;
  resources: ResourceStore;
  followUps: Pick<FollowUpRuns, 'previewRetry'>;
  access: Pick<AccessControl, 'check'>;
}

/**
 * What can be done about a deployment that did not end well: carry it on, leave
 * things as they are, or take back what it did.
 *
 * Taking back is a deployment of its own, with a plan, rules and approvals: of
 * what was there before, or of nothing when there was nothing.
 */
export class DeploymentRecoveries {
  readonly #options: DeploymentRecoveriesOptions;

  static create(options: DeploymentRecoveriesOptions): DeploymentRecoveries {
    return new DeploymentRecoveries(options);
  }

  private constructor(options: DeploymentRecoveriesOptions) {
    this.#options = options;
  }

  /** Nothing for a deployment that needs none, or is not the last one. */
  async find(
    record: DeploymentRecord,
    credentials: BackstageCredentials,
  ): Promise<DeploymentRecovery | undefined> {
    if ((await this.#obstacle(record)) !== undefined) {
      return undefined;
    }
    const { access, followUps, resources } = this.#options;
    const request = await this.#request(record);
    const [undo] = await access.check(credentials, [
      { permission: permissionFor(request.action), subject: record },
    ]);
    const { reason } = await followUps.previewRetry({
      id: record.runId,
      credentials,
    });
    const resume: AllowedAction =
      reason === undefined ? { allowed: true } : { allowed: false, reason };
    const existing = await resources.listUsedBy({
      environment: record.environment,
      workload: record.name,
    });
    const actions = new Map(
      record.work.resources.map(({ uid, action }) => [uid, action]),
    );
    for (const { uid } of record.work.removals) {
      actions.set(uid, 'delete');
    }
    return {
      exists: existing
        .filter(({ state }) => state !== 'requested')
        .map(({ id, uid, name, type, state, error }) => ({
          id,
          uid,
          name,
          type,
          state,
          error,
          action: actions.get(uid) ?? 'keep',
        })),
      resume,
      undo: { ...undo, request },
    };
  }

  /** The deployment that takes this one back; throws when there is none. */
  async undo(record: DeploymentRecord): Promise<PlanRequest> {
    const obstacle = await this.#obstacle(record);
    if (obstacle !== undefined) {
      throw new ProblemError({
        status: 409,
        code: 'DEPLOYMENT_NOT_UNDOABLE',
        message: obstacle,
      });
    }
    return this.#request(record);
  }

  async #obstacle(record: DeploymentRecord): Promise<string | undefined> {
    const { number, environment, name, status } = record;
    const label = `Deployment ${number} of ${environment}/${name}`;
    if (record.endedAt === undefined) {
      return `${label} has not ended. Cancel it first.`;
    }
    if (status === 'succeeded') {
      return `${label} succeeded. Roll back to the one before it, or delete the application.`;
    }
    if (record.runNumber === undefined) {
      return `${label} never began, so there is nothing to take back.`;
    }
    const application = await this.#options.applications.get(
      record.applicationId,
    );
    return application?.lastDeploymentId === record.id
      ? undefined
      : `Another deployment of ${environment}/${name} came after deployment ${number}. Roll back, or deploy again.`;
  }

  async #request(record: DeploymentRecord): Promise<PlanRequest> {
    const { applications, deployments } = this.#options;
    const application = await applications.get(record.applicationId);
    const before =
      application?.revision === undefined
        ? undefined
        : await deployments.lastSucceeded(record.applicationId);
    return before
      ? { action: 'rollback', target: { deployment: before.number } }
      : { action: 'deprovision' };
  }
}
