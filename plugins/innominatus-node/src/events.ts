import {
  ApprovalState,
  ResourceState,
} from '@innominatus/backstage-plugin-innominatus-common';

/**
 * Topic of the events service on which the backend says that an application,
 * a resource or a definition changed. The payload only names what changed.
 *
 * @public
 */
export const INNOMINATUS_EVENTS_TOPIC = 'innominatus';

/** @public */
export type InnominatusEvent =
  | { type: 'run.ended'; runId: string; environment?: string; name?: string }
  | {
      type: 'approval.requested';
      approvalId: string;
      /** Absent for the approval of a plan: its run begins later. */
      runId?: string;
      environment?: string;
      name?: string;
    }
  | {
      type: 'approval.decided';
      approvalId: string;
      /** Absent for the approval of a plan: its run begins later. */
      runId?: string;
      state: Exclude<ApprovalState, 'pending'>;
      environment?: string;
      name?: string;
    }
  | {
      type:
        'environment.created' | 'environment.updated' | 'environment.removed';
      environment: string;
    }
  | {
      type: 'environment.expiring';
      environment: string;
      /** RFC 3339. */
      expiresAt: string;
      /** How long before that this is announced. */
      noticeSeconds: number;
    }
  | {
      type: 'resource.changed';
      resourceId: string;
      state: ResourceState;
      environment: string;
      /** Workload that declared the resource first. */
      name: string;
    }
  | {
      /** A look found drift where there was none. */
      type: 'drift.found';
      environment: string;
      name: string;
      /** Absent when it is about the manifests of the application. */
      resourceId?: string;
    }
  | { type: 'definitions.changed' };
