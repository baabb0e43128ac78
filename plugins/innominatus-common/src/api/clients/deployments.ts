import { CallOptions, StartOptions } from '../request';
import {
  ApplicationDiff,
  DeploymentRequest,
  DeploymentSummary,
  Page,
  Plan,
  PlanRequest,
} from '../types';
import { ListOptions } from './ApiCalls';
import { ApplicationCalls } from './applications';

/**
 * Plans and deployments of applications.
 *
 * @public
 */
export abstract class DeploymentCalls extends ApplicationCalls {
  /** Changes nothing outside; always safe to call. */
  async plan(
    application: { environment: string; name: string },
    request: PlanRequest,
    call?: CallOptions,
  ): Promise<Plan> {
    return this.post(
      ['applications', application.environment, application.name, 'plans'],
      request,
      call,
    );
  }

  async getPlan(id: string, call?: CallOptions): Promise<Plan> {
    return this.get(['plans', id], {}, call);
  }

  /**
   * Starts a deployment; follow its run.
   *
   * @param idempotencyKey - The same key and request start one deployment only.
   */
  async deploy(
    application: { environment: string; name: string },
    request: DeploymentRequest,
    call?: CallOptions & { idempotencyKey?: string },
  ): Promise<DeploymentSummary> {
    return this.post(
      [
        'applications',
        application.environment,
        application.name,
        'deployments',
      ],
      request,
      call,
    );
  }

  async listDeployments(
    options: ListOptions & {
      environment?: string[];
      name?: string[];
      status?: DeploymentSummary['status'][];
    } = {},
  ): Promise<Page<DeploymentSummary>> {
    const { environment, name, status, ...list } = options;
    return this.list(['deployments'], list, { environment, name, status });
  }

  async getDeployment(
    id: string,
    call?: CallOptions,
  ): Promise<DeploymentSummary> {
    return this.get(['deployments', id], {}, call);
  }

  /**
   * Takes back what a deployment did that failed: starts another one, of what
   * was there before.
   *
   * @param idempotencyKey - The same key starts one deployment only.
   */
  async undoDeployment(
    id: string,
    body: { planHash?: string; overrideFreeze?: string } = {},
    call?: StartOptions,
  ): Promise<DeploymentSummary> {
    return this.post(['deployments', id, 'undo'], body, call);
  }

  /** Withdraws a deployment that waits for approval. */
  async cancelDeployment(
    id: string,
    body: { reason?: string } = {},
    call?: CallOptions,
  ): Promise<DeploymentSummary> {
    return this.post(['deployments', id, 'cancel'], body, call);
  }

  /** What is deployed of one application, compared with another one. */
  async diffApplications(
    from: { environment: string; name: string },
    to: { environment: string; name: string },
    call?: CallOptions,
  ): Promise<ApplicationDiff> {
    return this.get(
      ['applications', from.environment, from.name, 'diff'],
      { with: `${to.environment}/${to.name}` },
      call,
    );
  }
}
