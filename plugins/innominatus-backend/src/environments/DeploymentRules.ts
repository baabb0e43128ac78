import {
  BackstageCredentials,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  AllowedAction,
  Diagnostic,
  Environment,
  activeFreeze,
  checkQuotas,
  environmentOverridePermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { principalOf } from '../access/ServiceAccess';
import { AccessControl } from '../access/types';
import { ProblemError } from '../http';
import { countUse, isLeaving, lockEnvironment } from './environmentUse';

/** What is about to change in an environment. */
export interface IntendedChange {
  environment: Environment;
  /** Name of the application. */
  name: string;
  owner?: string;
  action: string;
  credentials: BackstageCredentials;
}

/** Resources that the change makes, keeps and takes away. */
export type IntendedResources = ReadonlyArray<{
  type: string;
  action: 'create' | 'update' | 'keep' | 'delete';
}>;

/** How many more there are afterwards. */
const STEPS: Record<string, number> = { create: 1, delete: -1 };

const ENDING_ACTIONS = ['delete', 'deprovision'];

/**
 * The rules of an environment about what is deployed there: by whom, when, and
 * how much. A plan says what they would say; a deployment is refused by them.
 */
export class DeploymentRules {
  readonly #knex: Knex;
  readonly #access: AccessControl;
  readonly #userInfo: Pick<UserInfoService, 'getUserInfo'>;
  readonly #now: () => number;

  static create(options: {
    knex: Knex;
    access: AccessControl;
    userInfo: Pick<UserInfoService, 'getUserInfo'>;
    /** For tests. */
    now?: () => number;
  }): DeploymentRules {
    return new DeploymentRules(options);
  }

  private constructor(options: {
    knex: Knex;
    access: AccessControl;
    userInfo: Pick<UserInfoService, 'getUserInfo'>;
    now?: () => number;
  }) {
    this.#knex = options.knex;
    this.#access = options.access;
    this.#userInfo = options.userInfo;
    this.#now = options.now ?? Date.now;
  }

  /** What stands against the change, as warnings of its plan. */
  async review(
    change: IntendedChange,
    resources: IntendedResources,
  ): Promise<Diagnostic[]> {
    const frozen = this.#freezeProblem(change);
    const quotas = await this.#quotaProblems(this.#knex, change, resources);
    return [
      ...(frozen === undefined
        ? []
        : [toWarning('ENVIRONMENT_FROZEN', frozen)]),
      ...quotas.map(message => toWarning('QUOTA_EXCEEDED', message)),
    ];
  }

  /** Whether the caller is among those who may deploy there. */
  async mayDeploy(
    change: Omit<IntendedChange, 'action'>,
  ): Promise<AllowedAction> {
    const { environment, credentials, owner } = change;
    const { deployers } = environment.rules ?? {};
    if (!deployers) {
      return { allowed: true };
    }
    const refs = await this.#refsOf(credentials);
    const names = deployers.map(one => (one === 'owner' ? owner : one));
    return names.some(name => name !== undefined && refs.includes(name))
      ? { allowed: true }
      : {
          allowed: false,
          reason: `Only ${deployers.join(', ')} may deploy to the environment "${environment.name}". Ask one of them, or deploy elsewhere.`,
        };
  }

  /** Why nothing is deployed there now, and whether the caller may all the same. */
  async freezeOf(
    change: Pick<IntendedChange, 'environment' | 'credentials'>,
  ): Promise<{ problem: string; override: AllowedAction } | undefined> {
    const problem = this.#freezeProblem(change);
    if (problem === undefined) {
      return undefined;
    }
    const { permission, subject } = overrideOf(change.environment);
    const [override] = await this.#access.check(change.credentials, [
      { permission, subject },
    ]);
    return { problem, override };
  }

  /** Throws for what people and times forbid, unless a freeze may be passed. */
  async require(
    change: IntendedChange & { overrideFreeze?: string },
  ): Promise<{ isFrozen: boolean }> {
    const { environment, credentials, overrideFreeze } = change;
    if (
      environment.state === 'removing' &&
      !ENDING_ACTIONS.includes(change.action)
    ) {
      throw leaving(environment);
    }
    const { allowed, reason } = await this.mayDeploy(change);
    if (!allowed) {
      throw new ProblemError({
        status: 403,
        code: 'NOT_A_DEPLOYER',
        message: reason ?? '',
      });
    }
    const frozen = this.#freezeProblem(change);
    if (overrideFreeze !== undefined) {
      // Asked even while nothing is frozen: a deployment that waits for approval
      // keeps the reason, and may be carried out in a window that begins later.
      await this.#access.require(credentials, overrideOf(environment));
      return { isFrozen: frozen !== undefined };
    }
    if (frozen !== undefined) {
      throw new ProblemError({
        status: 409,
        code: 'ENVIRONMENT_FROZEN',
        message: frozen,
      });
    }
    return { isFrozen: false };
  }

  /** Throws while nothing is deployed there, whoever asks. */
  requireThawed(environment: Environment): void {
    const frozen = this.#freezeProblem({ environment });
    if (frozen !== undefined) {
      throw new ProblemError({
        status: 409,
        code: 'ENVIRONMENT_FROZEN',
        message: frozen,
      });
    }
  }

  /**
   * Throws when there would be too much, or the environment is not there any
   * more. Looks inside of the transaction that adds to it, one after the other,
   * so that two who both just fit do not both pass.
   */
  async requireRoom(
    transaction: Knex.Transaction,
    change: Omit<IntendedChange, 'credentials'>,
    resources: IntendedResources,
  ): Promise<void> {
    const { environment, action } = change;
    const isStored = environment.state !== undefined;
    if (ENDING_ACTIONS.includes(action) || !(environment.quotas || isStored)) {
      return;
    }
    await lockEnvironment(transaction, environment.name);
    if (isStored && (await isLeaving(transaction, environment.name))) {
      throw leaving(environment);
    }
    const [problem] = await this.#quotaProblems(transaction, change, resources);
    if (problem !== undefined) {
      throw new ProblemError({
        status: 409,
        code: 'QUOTA_EXCEEDED',
        message: `${problem} Remove something first, or ask the platform team for more.`,
      });
    }
  }

  #freezeProblem({
    environment,
  }: Pick<IntendedChange, 'environment'>): string | undefined {
    const freeze = activeFreeze(environment.freezes, this.#now());
    if (!freeze) {
      return undefined;
    }
    const until = new Date(freeze.until).toISOString();
    const name = freeze.name === undefined ? '' : ` (${freeze.name})`;
    return `The environment "${environment.name}" is frozen until ${until}${name}: ${freeze.reason} Deploy after that; who may override it gives a reason with "overrideFreeze".`;
  }

  async #quotaProblems(
    knex: Knex,
    change: Omit<IntendedChange, 'credentials'>,
    resources: IntendedResources,
  ): Promise<string[]> {
    const { environment, name, action } = change;
    if (!environment.quotas || ENDING_ACTIONS.includes(action)) {
      return [];
    }
    const changes: Record<string, number> = {};
    for (const { type, action: what } of resources) {
      changes[type] = (changes[type] ?? 0) + (STEPS[what] ?? 0);
    }
    return checkQuotas(
      environment.quotas,
      await countUse(knex, {
        environment: environment.name,
        application: name,
        changes,
      }),
    );
  }

  async #refsOf(credentials: BackstageCredentials): Promise<string[]> {
    const { type, subject, userEntityRef } = principalOf(credentials);
    if (type !== 'user' || userEntityRef === undefined) {
      return subject === undefined ? [] : [subject];
    }
    const { ownershipEntityRefs } =
      await this.#userInfo.getUserInfo(credentials);
    return [userEntityRef, ...ownershipEntityRefs].map(ref =>
      ref.toLowerCase(),
    );
  }
}

/** What has to be allowed to deploy while the environment is frozen. */
function overrideOf({ name, type }: Environment) {
  return {
    permission: environmentOverridePermission,
    subject: { environment: name, environmentType: type },
    name: `freeze window of the environment "${name}"`,
  };
}

function leaving({ name }: Environment): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'ENVIRONMENT_REMOVING',
    message: `The environment "${name}" is being removed. Deploy to another one.`,
  });
}

function toWarning(code: string, message: string): Diagnostic {
  return {
    severity: 'warning',
    code,
    message,
    pointer: '',
    line: 1,
    column: 1,
    suggestions: [],
  };
}
