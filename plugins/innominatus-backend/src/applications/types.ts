import {
  ApplicationSummary,
  Page,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';

export type ApplicationStatus = ApplicationSummary['status'];

/** One workload in one environment, as it is stored. */
export interface ApplicationRecord {
  id: string;
  environment: string;
  environmentType: string;
  name: string;
  entityRef?: string;
  owner?: string;
  status: ApplicationStatus;
  /** First image of the workload with its tag. */
  version?: string;
  /** Number of the revision that was deployed last with success. */
  revision?: number;
  lastDeploymentId?: string;
  /** By the plan that was carried out last. */
  monthlyCost?: number;
  createdAt: number;
  updatedAt: number;
  deletedAt?: number;
}

export interface RevisionRecord {
  number: number;
  /** Score spec as YAML, overrides applied. */
  score: string;
  scoreHash: string;
  version?: string;
  createdBy: string;
  createdAt: number;
}

/** What is known about an application when something is deployed to it. */
export interface ApplicationSeed {
  environment: string;
  environmentType: string;
  name: string;
  entityRef?: string;
  owner?: string;
}

export interface ListApplicationsOptions {
  limit: number;
  cursor?: string;
  filter: {
    environment?: string[];
    name?: string[];
    entityRef?: string[];
    owner?: string[];
    status?: string[];
  };
  sort: 'name' | '-name' | 'updatedAt' | '-updatedAt';
  count?: boolean;
  restrict: (query: Knex.QueryBuilder) => void;
}

/** What changes with a deployment. */
export interface ApplicationPatch {
  status?: ApplicationStatus;
  version?: string | null;
  revision?: number | null;
  lastDeploymentId?: string;
  monthlyCost?: number | null;
  deletedAt?: number | null;
}

export interface ApplicationStore {
  find(options: {
    environment: string;
    name: string;
  }): Promise<ApplicationRecord | undefined>;
  get(id: string): Promise<ApplicationRecord | undefined>;
  list(options: ListApplicationsOptions): Promise<Page<ApplicationRecord>>;
  revision(options: {
    applicationId: string;
    number: number;
  }): Promise<RevisionRecord | undefined>;
  /** What is deployed now, by the id of the application. */
  currentRevisions(ids: string[]): Promise<Map<string, RevisionRecord>>;
  revisions(options: {
    applicationId: string;
    limit: number;
    /** Only those with a lower number. */
    before?: number;
  }): Promise<RevisionRecord[]>;
  /**
   * Makes the application if need be, locks it until the transaction ends and
   * takes the next deployment number.
   */
  claimNumber(
    seed: ApplicationSeed,
  ): Promise<{ application: ApplicationRecord; number: number }>;
  /** The latest revision when it says the same, else a new one. */
  addRevision(options: {
    applicationId: string;
    score: string;
    scoreHash: string;
    version?: string;
    createdBy: string;
  }): Promise<number>;
  /** What all applications of an environment cost together, but for one. */
  monthlyCost(options: {
    environment: string;
    /** Id of an application. */
    except?: string;
  }): Promise<number>;
  update(id: string, patch: ApplicationPatch): Promise<void>;
  /**
   * Updates the application and locks it until the transaction ends, unless
   * another deployment has come after; answers `false` then.
   */
  updateAfter(
    id: string,
    options: { lastDeploymentId: string; patch: ApplicationPatch },
  ): Promise<boolean>;
  /** The same store inside a transaction of the caller. */
  within(transaction: Knex.Transaction): ApplicationStore;
}
