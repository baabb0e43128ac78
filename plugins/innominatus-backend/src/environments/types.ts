import { Environment } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';

/** What people decide about an environment; the rest follows. */
export type EnvironmentDefinition = Omit<
  Environment,
  | 'source'
  | 'copies'
  | 'copyOf'
  | 'expiresAt'
  | 'state'
  | 'createdBy'
  | 'createdAt'
  | 'updatedAt'
  | 'allowedActions'
>;

export interface EnvironmentRecord {
  definition: EnvironmentDefinition;
  version: number;
  state: 'active' | 'removing';
  copy?: { of: string; key: string; source: CopySource };
  /** Milliseconds since the epoch, as all times here. */
  expiresAt?: number;
  expirySetAt?: number;
  /** Last notice of expiry, as time before it. */
  noticedMs?: number;
  createdBy: string;
  createdAt: number;
  updatedAt: number;
}

export interface CopySource {
  project?: string;
  branch?: string;
  pullRequest?: number;
}

export type NewEnvironment = Pick<
  EnvironmentRecord,
  'definition' | 'copy' | 'expiresAt' | 'createdBy'
>;

/** Environments of the API. Every change is one guarded statement. */
export interface EnvironmentStore {
  list(): Promise<EnvironmentRecord[]>;
  get(name: string): Promise<EnvironmentRecord | undefined>;
  findCopy(key: string): Promise<EnvironmentRecord | undefined>;
  /** By name; those without copies are left out. */
  countCopies(of: readonly string[]): Promise<Map<string, number>>;
  /** `false` when the name, or the branch it is for, is taken. */
  insert(environment: NewEnvironment & { now: number }): Promise<boolean>;
  /** `false` when there is another version by now, or it is being removed. */
  update(options: {
    version: number;
    definition: EnvironmentDefinition;
    expiresAt: number | undefined;
    now: number;
  }): Promise<boolean>;
  /**
   * Nothing is deployed there any more. Answers `false` when it was removing
   * already, or is gone; with `expiredAt` also when it was extended meanwhile.
   */
  markRemoving(options: {
    name: string;
    now: number;
    version?: number;
    expiredAt?: number;
  }): Promise<boolean>;
  /** `false` when it is not removing, gone, or something is still in it. */
  deleteRemoved(name: string): Promise<boolean>;
  /**
   * Answers whether the caller is the one to give the notice. Who took it and
   * died is replaced after a while.
   */
  takeNotice(options: {
    name: string;
    noticeMs: number;
    expiresAt: number;
    now: number;
  }): Promise<boolean>;
  settleNotice(options: { name: string; noticeMs: number }): Promise<void>;
  /** The same store inside a transaction of the caller. */
  within(transaction: Knex.Transaction): EnvironmentStore;
}
