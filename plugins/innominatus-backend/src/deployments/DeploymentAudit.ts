import {
  AuditorService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import type { Request } from 'express';
import { AccessControl } from '../access/types';
import { audited } from '../audit';
import { PlanDeploymentRequest } from './request';
import { DeploymentRecord } from './types';

/** Who asks for a deployment, and of what. */
export interface AuditedDeployment {
  environment: string;
  name: string;
  request: PlanDeploymentRequest;
  credentials: BackstageCredentials;
  /** Id of the deployment that it takes back. */
  undoes?: string;
  /** Tells the auditor who asks, and from where. */
  httpRequest?: Request;
}

/** Tells the auditor of Backstage what is done to applications. */
export class DeploymentAudit {
  readonly #auditor: AuditorService;
  readonly #access: Pick<AccessControl, 'initiator'>;

  static create(options: {
    auditor: AuditorService;
    access: Pick<AccessControl, 'initiator'>;
  }): DeploymentAudit {
    return new DeploymentAudit(options);
  }

  private constructor(options: {
    auditor: AuditorService;
    access: Pick<AccessControl, 'initiator'>;
  }) {
    this.#auditor = options.auditor;
    this.#access = options.access;
  }

  async start(
    asked: AuditedDeployment,
    work: () => Promise<DeploymentRecord>,
  ): Promise<DeploymentRecord> {
    const { undoes, request } = asked;
    return audited(
      this.#auditor,
      {
        eventId: 'deployment-start',
        severityLevel: 'medium',
        request: asked.httpRequest,
        meta: { ...this.#subject(asked), undoes, planHash: request.planHash },
      },
      work,
      ({ id, number, planId, planHash, approvalId }) => ({
        deploymentId: id,
        number,
        planId,
        planHash,
        approvalId,
      }),
    );
  }

  /** Told of whoever passes a freeze window, or tries to, and why. */
  async overrideFreeze(
    asked: AuditedDeployment,
    work: () => Promise<{ isFrozen: boolean }>,
  ): Promise<void> {
    const reason = asked.request.overrideFreeze;
    await audited(
      this.#auditor,
      {
        eventId: 'freeze-override',
        severityLevel: 'high',
        request: asked.httpRequest,
        meta: { ...this.#subject(asked), reason },
      },
      work,
      ({ isFrozen }) => ({ isFrozen }),
    );
  }

  async withdraw(
    record: DeploymentRecord,
    asked: { reason?: string; httpRequest?: Request },
    work: () => Promise<void>,
  ): Promise<void> {
    const { id, number, action, environment, name } = record;
    const { planId, planHash } = record;
    const { reason, httpRequest } = asked;
    await audited(
      this.#auditor,
      {
        eventId: 'deployment-withdraw',
        severityLevel: 'medium',
        request: httpRequest,
        meta: {
          ...{ deploymentId: id, number, action, environment, name },
          ...{ planId, planHash, reason },
        },
      },
      work,
    );
  }

  #subject(asked: AuditedDeployment) {
    const { environment, name, request, credentials } = asked;
    const by = this.#access.initiator(credentials);
    return { action: request.action, environment, name, by };
  }
}
