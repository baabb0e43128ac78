import {
  Workload,
  readScore,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { ApplicationStore } from '../applications/types';
import { DeploymentRecord, DeploymentStore } from './types';

/** Tells steps which deployment their run carries out. */
export class DeploymentOfRun {
  readonly #deployments: DeploymentStore;
  readonly #applications: ApplicationStore;

  static create(options: {
    deployments: DeploymentStore;
    applications: ApplicationStore;
  }): DeploymentOfRun {
    return new DeploymentOfRun(options);
  }

  private constructor(options: {
    deployments: DeploymentStore;
    applications: ApplicationStore;
  }) {
    this.#deployments = options.deployments;
    this.#applications = options.applications;
  }

  async find(
    context: Pick<StepContext<unknown>, 'run' | 'step'>,
  ): Promise<{ deployment: DeploymentRecord; workload: Workload }> {
    const deployment = await this.#deployments.findByRun(context.run.id);
    if (!deployment) {
      throw new StepFailure(
        `The step "${context.step.name}" works on the resources of a workload, but run ${context.run.number} is no deployment. Start the golden path with an application and a Score spec.`,
        { code: 'NO_DEPLOYMENT' },
      );
    }
    const revision = await this.#applications.revision({
      applicationId: deployment.applicationId,
      number: deployment.revision,
    });
    const workload = revision && readScore(revision.score).workload;
    if (!workload) {
      throw new StepFailure(
        `Revision ${deployment.revision} of "${deployment.environment}/${deployment.name}" cannot be read any more.`,
        { code: 'REVISION_UNREADABLE' },
      );
    }
    return { deployment, workload };
  }
}
