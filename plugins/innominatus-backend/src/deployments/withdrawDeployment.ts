import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { applicationReadPermission } from '@innominatus/backstage-plugin-innominatus-common';
import type { Request } from 'express';
import { AccessControl } from '../access/types';
import { ProblemError } from '../http';
import { permissionFor } from './deploymentActions';
import { DeploymentStarts } from './DeploymentStarts';
import { DeploymentRecord } from './types';

export interface WithdrawOptions {
  reason?: string;
  credentials: BackstageCredentials;
  /** Tells the auditor who asks, and from where. */
  httpRequest?: Request;
}

/** Ends a deployment that waits for approval, as who may start it. */
export async function withdrawDeployment(
  record: DeploymentRecord,
  options: WithdrawOptions,
  services: {
    access: Pick<AccessControl, 'initiator' | 'require'>;
    starts: Pick<DeploymentStarts, 'end'>;
  },
): Promise<void> {
  const { access, starts } = services;
  const { number, environment, name } = record;
  await access.require(options.credentials, {
    permission: permissionFor(record.action),
    readPermission: applicationReadPermission,
    subject: record,
    name: `deployment "${record.id}"`,
  });
  if (record.endedAt !== undefined) {
    return;
  }
  if (record.runNumber !== undefined || record.runRequest !== undefined) {
    throw new ProblemError({
      status: 409,
      code: 'DEPLOYMENT_BEGUN',
      message: `Deployment ${number} of "${environment}/${name}" has begun. Cancel its run ${record.runNumber ?? record.runId} instead.`,
    });
  }
  const by = access.initiator(options.credentials);
  await starts.end(record, {
    status: 'cancelled',
    approval: 'cancelled',
    error: {
      code: 'DEPLOYMENT_WITHDRAWN',
      message: `${by} withdrew it${options.reason ? `: ${options.reason}` : '.'}`,
      transient: false,
    },
  });
}
