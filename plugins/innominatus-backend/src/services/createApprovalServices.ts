import {
  AuditorService,
  LoggerService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { NotificationService } from '@backstage/plugin-notifications-node';
import { InnominatusEvent } from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { AccessControl } from '../access/types';
import {
  ApprovalAnnouncer,
  ApprovalDecisions,
  ApprovalViews,
  DatabaseApprovalStore,
} from '../approvals';
import { DeploymentApprovals } from '../deployments';
import { RunChanges } from '../engine';

export interface ApprovalServicesOptions {
  knex: Knex;
  access: AccessControl;
  userInfo: UserInfoService;
  auditor: AuditorService;
  changes: RunChanges;
  deploymentApprovals: DeploymentApprovals;
  notifications: Pick<NotificationService, 'send'>;
  publishEvent: (event: InnominatusEvent) => void;
  logger: LoggerService;
}

/** How people are asked, and how what they decide is taken in. */
export function createApprovalServices(options: ApprovalServicesOptions) {
  const store = DatabaseApprovalStore.create(options.knex);
  const approvalViews = ApprovalViews.create({ ...options, store });
  return {
    approvalAnnouncer: ApprovalAnnouncer.create({ ...options, store }),
    approvalDecisions: ApprovalDecisions.create({
      ...options,
      store,
      views: approvalViews,
      plans: options.deploymentApprovals,
    }),
    approvalViews,
  };
}
