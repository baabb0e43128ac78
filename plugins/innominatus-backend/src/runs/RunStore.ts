import {
  Page,
  Run,
  RunLogLine,
  RunSummary,
  StepAttempt,
  WaitingReason,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { AccessSubject } from '../access/types';
import { ClaimedRun } from '../engine';
import { RunGroup } from './runGroups';
import { ListRunsOptions, StartRunOptions } from './types';

/** What the permission rules look at, and where the run is in its life. */
export interface RunIdentity {
  id: string;
  number: number;
  version: number;
  ended: boolean;
  /** Why it waits, as the run itself knows it. */
  waiting?: WaitingReason;
  subject: AccessSubject;
}

export interface ReadLogsOptions {
  id: string;
  after?: number;
  limit: number;
  step?: string;
  attempt?: number;
  search?: string;
}

export interface CreateRunOptions extends StartRunOptions {
  runId: string;
  /** Locks and limits that the run waits for before it may begin. */
  groups?: RunGroup[];
  /** Who works on the run from the first moment on; only without groups. */
  owner?: { owner: string; leaseMs: number };
}

export interface CreatedRun {
  summary: RunSummary;
  /** What the owner begins with; absent without one, or when the run existed. */
  claimed?: ClaimedRun;
}

/** Where runs are kept and read; who works on them is not its business. */
export interface RunStore {
  /**
   * An id that exists already is left as it is. A nested run belongs to what
   * its parent belongs to, unless it says otherwise.
   */
  create(options: CreateRunOptions): Promise<CreatedRun>;
  /** Runs of the team that did not begin yet; counts no further than asked. */
  countQueued(options: { team: string; most: number }): Promise<number>;
  get(idOrNumber: string): Promise<Run | undefined>;
  getSummary(idOrNumber: string): Promise<RunSummary | undefined>;
  identify(idOrNumber: string): Promise<RunIdentity | undefined>;
  /** The workflow that the run was started with. */
  definition(id: string): Promise<WorkflowDefinition | undefined>;
  /** What the permission rules look at, by id of the run. */
  subjects(ids: string[]): Promise<Map<string, AccessSubject>>;
  list(
    options: ListRunsOptions,
    restrict?: (query: Knex.QueryBuilder) => void,
  ): Promise<Page<RunSummary>>;
  /** Those of the ids that exist. */
  summaries(ids: string[]): Promise<Map<string, RunSummary>>;
  attempts(runId: string, step: string): Promise<StepAttempt[]>;
  logs(options: ReadLogsOptions): Promise<RunLogLine[]>;
}
