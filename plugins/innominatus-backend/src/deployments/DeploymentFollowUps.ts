import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  Run,
  applicationReadPermission,
  goldenPathReadPermission,
  goldenPathRunPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { AccessControl } from '../access/types';
import { ApplicationStore } from '../applications/types';
import { ProblemError } from '../http';
import { FollowUpQuestion, RunOrigin } from '../runs/followUps';
import { permissionFor } from './deploymentActions';
import { DEFAULT_GOLDEN_PATHS } from './prepareRun';
import { DeploymentRecord, DeploymentStore } from './types';

export interface DeploymentFollowUpsOptions {
  deployments: DeploymentStore;
  applications: ApplicationStore;
  access: Pick<AccessControl, 'require'>;
  /** Records the result of a run, unless it is recorded already. */
  recordRunEnd: (run: Run) => Promise<void>;
}

/**
 * Retry and undo of runs that carry out a deployment.
 *
 * A retry carries the same deployment on: until it has ended the deployment is
 * in progress again, and its result becomes that of the deployment. Only the
 * last deployment of an application can be carried on or undone, because
 * another one has built on what it left.
 */
export class DeploymentFollowUps implements RunOrigin {
  readonly #options: DeploymentFollowUpsOptions;

  static create(options: DeploymentFollowUpsOptions): DeploymentFollowUps {
    return new DeploymentFollowUps(options);
  }

  private constructor(options: DeploymentFollowUpsOptions) {
    this.#options = options;
  }

  /** What the deployment itself asks for. */
  async requireStart(
    credentials: BackstageCredentials,
    { run }: FollowUpQuestion,
  ): Promise<void> {
    const { access, applications } = this.#options;
    const deployment = await this.#find(run);
    if (!deployment) {
      return;
    }
    const { environment, name, goldenPath } = deployment;
    const application = await applications.get(deployment.applicationId);
    await access.require(credentials, {
      permission: permissionFor(deployment.action),
      readPermission: applicationReadPermission,
      subject: {
        owner: application ? application.owner : deployment.owner,
        environment,
        environmentType: deployment.environmentType,
      },
      name: `application "${environment}/${name}"`,
    });
    if (!DEFAULT_GOLDEN_PATHS.includes(goldenPath)) {
      await access.require(credentials, {
        permission: goldenPathRunPermission,
        readPermission: goldenPathReadPermission,
        subject: { goldenPath },
        name: `golden path "${goldenPath}"`,
      });
    }
  }

  async refusal({ kind, run }: FollowUpQuestion): Promise<string | undefined> {
    const deployment = await this.#find(run);
    if (!deployment) {
      return undefined;
    }
    const { number, environment, name } = deployment;
    const application = await this.#options.applications.get(
      deployment.applicationId,
    );
    if (application?.lastDeploymentId !== deployment.id) {
      return `Another deployment of ${environment}/${name} came after deployment ${number}. Deploy again, or roll back.`;
    }
    return kind === 'undo' && run.status === 'succeeded' && !run.undoOf
      ? `Deployment ${number} of ${environment}/${name} succeeded. Roll it back, or delete the application.`
      : undefined;
  }

  async prepare({ run }: FollowUpQuestion): Promise<void> {
    await this.#options.recordRunEnd(run);
  }

  async follow(
    transaction: Knex.Transaction,
    question: FollowUpQuestion & { followUp: { id: string; number: number } },
  ): Promise<void> {
    const { kind, run, followUp } = question;
    const deployment = await this.#find(run, transaction);
    if (!deployment) {
      return;
    }
    // The retry of an undo does not bring the deployment anywhere.
    const carriesOn = kind === 'retry' && !run.undoOf;
    const isCarriedOn =
      !carriesOn ||
      (await this.#options.deployments.within(transaction).carryOn({
        id: deployment.id,
        from: run.id,
        runId: followUp.id,
        runNumber: followUp.number,
      }));
    const isLast =
      isCarriedOn &&
      (await this.#options.applications
        .within(transaction)
        .updateAfter(deployment.applicationId, {
          lastDeploymentId: deployment.id,
          patch: carriesOn ? { status: 'pending', deletedAt: null } : {},
        }));
    if (!isLast) {
      throw new ProblemError({
        status: 409,
        code: 'PREVIEW_CHANGED',
        message: `Deployment ${deployment.number} of ${deployment.environment}/${deployment.name} is not the last one any more. Look at a new preview.`,
      });
    }
  }

  async #find(
    run: Run,
    transaction?: Knex.Transaction,
  ): Promise<DeploymentRecord | undefined> {
    const { deployments } = this.#options;
    const store = transaction ? deployments.within(transaction) : deployments;
    return run.deployment && store.get(run.deployment.id);
  }
}
