import {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';

/** Without an answer everything is allowed. */
type Decide = (user: string) => PolicyDecision | undefined;

const ALLOW: PolicyDecision = { result: AuthorizeResult.ALLOW };
const DENY: PolicyDecision = { result: AuthorizeResult.DENY };

/**
 * A permission policy that a test changes while the backend runs. As in
 * Backstage, services never reach it and everything that is not decided is
 * allowed.
 */
export class TestPolicy {
  readonly #decisions = new Map<string, Decide>();

  static create(): TestPolicy {
    return new TestPolicy();
  }

  get service(): PermissionsService {
    const answer = async (
      requests: Array<{ permission: Permission }>,
      { credentials }: { credentials: BackstageCredentials },
    ) =>
      requests.map(({ permission }) => this.#decide(permission, credentials));
    return {
      authorizeConditional: answer,
      authorize: async (requests, options) =>
        (await answer(requests, options)).map(({ result }) => {
          if (result === AuthorizeResult.CONDITIONAL) {
            throw new Error('Only resource permissions can be conditional');
          }
          return { result };
        }),
    };
  }

  decide(permission: Permission, decide: Decide): void {
    this.#decisions.set(permission.name, decide);
  }

  deny(...permissions: Permission[]): void {
    for (const permission of permissions) {
      this.decide(permission, () => DENY);
    }
  }

  allowAll(): void {
    this.#decisions.clear();
  }

  #decide(
    permission: Permission,
    credentials: BackstageCredentials,
  ): PolicyDecision {
    const { type, userEntityRef } = credentials.principal as {
      type: string;
      userEntityRef?: string;
    };
    if (type === 'service') {
      return ALLOW;
    }
    return this.#decisions.get(permission.name)?.(userEntityRef ?? '') ?? ALLOW;
  }
}
