import { Budget } from '../../costs';
import { AllowedAction } from './common';

/** @public */
export type EnvironmentTarget =
  | { type: 'simulate' }
  | { type: 'kubernetes'; cluster?: string; namespace: string }
  | { type: 'folder'; path: string }
  | { type: 'git'; repository: string; branch: string; path: string };

/**
 * Who has to agree before something in an environment changes.
 *
 * @public
 */
export interface EnvironmentApproval {
  /**
   * Entity refs of users and groups, any of whom may decide; `owner` stands
   * for the owner of the application. Without it everybody may who has the
   * permission.
   */
  approvers?: string[];
  /** Distinct people who have to approve; one rejection rejects. */
  quorum: number;
  /** Whether who asked for the deployment may decide too. */
  allowRequester: boolean;
  /** Whether each decision needs a reason. */
  reasonRequired: boolean;
  /** ISO 8601 duration after which the question expires. */
  expiresAfter?: string;
  /** What is asked, for the people who decide. */
  message?: string;
  /** Actions that need it; all of them without it. */
  actions?: string[];
}

/** @public */
export interface EnvironmentRules {
  /**
   * Who may deploy, in addition to the permission: entity refs of users and
   * groups, subjects of services such as `plugin:scaffolder`, and `owner` for
   * the owner of the application.
   */
  deployers?: string[];
  approval?: EnvironmentApproval;
}

/**
 * How much may be in an environment at the same time.
 *
 * @public
 */
export interface EnvironmentQuotas {
  applications?: number;
  /** Of all types together. */
  resources?: number;
  resourcesByType?: Record<string, number>;
}

/**
 * A time in which nothing is deployed: once (`from`, `to`), or again and again
 * (`cron`, `duration`).
 *
 * @public
 */
export interface FreezeWindow {
  name?: string;
  reason: string;
  /** IANA name of the time zone of `from`, `to` and `cron`. */
  timezone: string;
  /** Date, or date and time; with an offset, the time zone does not count. */
  from?: string;
  to?: string;
  /** When it begins: minute, hour, day of month, month, day of week. */
  cron?: string;
  /** ISO 8601 duration. */
  duration?: string;
}

/**
 * That, and how, short-lived environments may be made from an environment.
 *
 * @public
 */
export interface EphemeralRules {
  /** ISO 8601 duration that they live, unless asked otherwise. */
  ttl?: string;
  /** ISO 8601 duration that can be asked for. */
  maxTtl?: string;
  /** How many there may be at the same time. */
  limit?: number;
}

/**
 * How short-lived environments can be made from an environment now, with what
 * the configuration adds to its {@link EphemeralRules}.
 *
 * @public
 */
export interface EnvironmentCopies {
  /** How many there are. */
  present: number;
  /** How many there may be. */
  limit?: number;
  /** Duration that they live, unless asked otherwise. */
  ttl?: string;
  /** Duration that can be asked for. */
  maxTtl?: string;
}

/**
 * A named place to deploy to.
 *
 * @public
 */
export interface Environment {
  name: string;
  title?: string;
  description?: string;
  /** Entity ref of who looks after it. */
  owner?: string;
  /** `development`, `staging`, `production`, `ephemeral`, ... */
  type: string;
  /** Position in lists, as the platform team ordered them. */
  order: number;
  /** Texts may name `${app.name}`, `${environment.name}` and variables. */
  target: EnvironmentTarget;
  /** What workflows and providers see as `${environment.K}`. */
  variables?: Record<string, string | number | boolean>;
  rules?: EnvironmentRules;
  quotas?: EnvironmentQuotas;
  freezes?: FreezeWindow[];
  /** What it may cost. */
  budget?: Budget;
  /** Runs that are in progress at the same time. */
  concurrency?: number;
  /** ISO 8601 duration that the environment lives. */
  ttl?: string;
  /** Without it no environment can be made from this one. */
  ephemeral?: EphemeralRules;
  /** Where copies are allowed: what holds for the next one. */
  copies?: EnvironmentCopies;
  /** File the environment was read from; it is read-only for the API then. */
  source?: string;
  /** What a short-lived environment was made from, and for what. */
  copyOf?: {
    environment: string;
    project?: string;
    branch?: string;
    pullRequest?: number;
  };
  /** RFC 3339; the environment and what is in it are removed then. */
  expiresAt?: string;
  /** While it is `removing`, nothing can be deployed there. */
  state?: 'active' | 'removing';
  createdBy?: string;
  createdAt?: string;
  updatedAt?: string;
  allowedActions?: {
    update: AllowedAction;
    delete: AllowedAction;
    extend: AllowedAction;
    /** Making a short-lived environment from it. */
    copy: AllowedAction;
  };
}

/**
 * Body of `PUT /environments/{name}`, and with a name of `POST /environments`.
 * Durations may be written as `2h` or `7d`.
 *
 * @public
 */
export type EnvironmentInput = Partial<
  Pick<
    Environment,
    | 'title'
    | 'description'
    | 'owner'
    | 'order'
    | 'target'
    | 'variables'
    | 'quotas'
    | 'budget'
    | 'concurrency'
    | 'ttl'
    | 'ephemeral'
  >
> & {
  type: string;
  rules?: {
    deployers?: string[];
    approval?: Partial<EnvironmentApproval>;
  };
  freezes?: Array<Omit<FreezeWindow, 'timezone'> & { timezone?: string }>;
};

/**
 * A short-lived environment for a branch or a pull request. Asking again for
 * the same answers the one that exists.
 *
 * @public
 */
export interface EphemeralEnvironmentRequest {
  /** Environment that allows it by `ephemeral`. */
  from: string;
  /** Repository or component; the same branch of two of them are two. */
  project?: string;
  branch?: string;
  pullRequest?: number;
  /** Duration such as `4h`. */
  ttl?: string;
}
