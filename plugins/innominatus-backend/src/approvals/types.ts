import {
  Approval,
  ApprovalDecision,
  ApprovalRequest,
  ApprovalState,
  Page,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { AccessSubject } from '../access/types';

/** An approval and what decides who may read and answer it. */
export interface ApprovalRecord {
  /** As everybody sees it who may read it; nothing is allowed yet. */
  approval: Approval;
  subject: AccessSubject;
  request: Pick<
    ApprovalRequest,
    'state' | 'policy' | 'decisions' | 'expiresAt'
  >;
}

/** What a person decided about a plan. */
export interface PlanDecision extends ApprovalDecision {
  /** Of the plan that the person has looked at. */
  planHash?: string;
}

export interface ListApprovalsOptions {
  limit: number;
  cursor?: string;
  filter: {
    state?: ApprovalState[];
    /** Ids or numbers. */
    run?: string[];
    environment?: string[];
    application?: string[];
  };
  /** Only those that are pending and that this person has not answered. */
  decidableBy?: { user: string; refs: string[] };
  sort: 'requestedAt' | '-requestedAt';
  count?: boolean;
}

export type Restriction = (query: Knex.QueryBuilder) => void;

/**
 * Where approvals are read. Those of steps are written by the journal of their
 * run, those of plans by `PlanApprovals`.
 */
export interface ApprovalStore {
  get(id: string): Promise<ApprovalRecord | undefined>;
  list(
    options: ListApprovalsOptions,
    restrict: Restriction[],
  ): Promise<Page<ApprovalRecord>>;
  /** The last question of each step of a run. */
  ofRun(runId: string): Promise<ApprovalRecord[]>;
  /**
   * Approvals of whose state nobody was told, oldest first. Each is answered to
   * one caller only.
   */
  takeUnannounced(limit: number): Promise<ApprovalRecord[]>;
}
