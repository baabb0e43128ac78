import { AllowedAction } from '@innominatus/backstage-plugin-innominatus-common';
import {
  BackstageCredentials,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import {
  AuthenticationError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import {
  AuthorizeResult,
  BasicPermission,
  Permission,
  PolicyDecision,
  isResourcePermission,
} from '@backstage/plugin-permission-common';
import { Knex } from 'knex';
import { ServiceAccess, principalOf } from './ServiceAccess';
import { Rulesets } from './rulesets';
import { applyCriteria } from './applyCriteria';
import { AccessColumns, AccessControl, AccessQuestion } from './types';

export interface DefaultAccessControlOptions {
  config: Config;
  permissions: PermissionsService;
  permissionsRegistry: PermissionsRegistryService;
}

/** Asks Backstage's permission framework and our own guard for services. */
export class DefaultAccessControl implements AccessControl {
  readonly #permissions: PermissionsService;
  readonly #rulesets: Rulesets;
  readonly #serviceAccess: ServiceAccess;

  private constructor(options: {
    permissions: PermissionsService;
    rulesets: Rulesets;
    serviceAccess: ServiceAccess;
  }) {
    this.#permissions = options.permissions;
    this.#rulesets = options.rulesets;
    this.#serviceAccess = options.serviceAccess;
  }

  static create(options: DefaultAccessControlOptions): DefaultAccessControl {
    return new DefaultAccessControl({
      permissions: options.permissions,
      rulesets: new Rulesets(options.permissionsRegistry),
      serviceAccess: ServiceAccess.fromConfig(options.config),
    });
  }

  async require(
    credentials: BackstageCredentials,
    question: AccessQuestion & { name: string; readPermission?: Permission },
  ): Promise<void> {
    const { permission, subject, name } = question;
    const readPermission =
      question.readPermission ??
      (subject && permission.attributes.action === 'read'
        ? permission
        : undefined);
    const questions = [{ permission, subject }];
    if (readPermission && readPermission !== permission) {
      questions.push({ permission: readPermission, subject });
    }
    const [answer, readAnswer = answer] = await this.check(
      credentials,
      questions,
    );
    // Whoever may not read a thing must not learn that it exists.
    if (readPermission && !readAnswer.allowed) {
      throw new NotFoundError(`There is no ${name}`);
    }
    if (!answer.allowed) {
      throw new NotAllowedError(
        answer.reason ?? `You may not do this with ${name}`,
      );
    }
  }

  async check(
    credentials: BackstageCredentials,
    questions: AccessQuestion[],
  ): Promise<AllowedAction[]> {
    const decisions = await this.#decide(
      credentials,
      questions.map(question => question.permission),
    );
    return questions.map(question => {
      const decision = decisions.get(question.permission.name);
      if (!decision || !this.#allows(question, decision)) {
        return {
          allowed: false,
          reason: `You do not have the permission '${question.permission.name}' for this. Ask the platform team for it.`,
        };
      }
      return this.#serviceAccess.check(credentials, question);
    });
  }

  async filter(
    credentials: BackstageCredentials,
    options: { permission: Permission; columns: AccessColumns },
  ): Promise<(query: Knex.QueryBuilder) => void> {
    const { permission, columns } = options;
    const decisions = await this.#decide(credentials, [permission]);
    const decision = decisions.get(permission.name);
    if (decision?.result === AuthorizeResult.ALLOW) {
      return () => {};
    }
    if (
      decision?.result === AuthorizeResult.CONDITIONAL &&
      isResourcePermission(permission)
    ) {
      const criteria = this.#rulesets.toCriteria(
        permission.resourceType,
        decision,
      );
      return query => applyCriteria(query, criteria, columns);
    }
    throw new NotAllowedError(
      `You do not have the permission '${permission.name}'. Ask the platform team for it.`,
    );
  }

  initiator(credentials: BackstageCredentials): string {
    const principal = principalOf(credentials);
    const initiator = principal.userEntityRef ?? principal.subject;
    if (!initiator) {
      throw new AuthenticationError(
        'Sign in first: the caller of this request is not known',
      );
    }
    return initiator;
  }

  #allows(question: AccessQuestion, decision: PolicyDecision): boolean {
    if (decision.result !== AuthorizeResult.CONDITIONAL) {
      return decision.result === AuthorizeResult.ALLOW;
    }
    return (
      isResourcePermission(question.permission) &&
      this.#rulesets.allows(
        question.permission.resourceType,
        decision,
        question.subject,
      )
    );
  }

  /**
   * One call per request, however many objects are on the page: the policy is
   * asked once per permission and its conditions are evaluated here.
   */
  async #decide(
    credentials: BackstageCredentials,
    permissions: Permission[],
  ): Promise<Map<string, PolicyDecision>> {
    const distinct = [
      ...new Map(permissions.map(item => [item.name, item])).values(),
    ];
    const resource = distinct.filter(item => isResourcePermission(item));
    const basic = distinct.filter(
      (item): item is BasicPermission => !isResourcePermission(item),
    );
    const decisions = new Map<string, PolicyDecision>();
    const [resourceDecisions, basicDecisions] = await Promise.all([
      resource.length > 0
        ? this.#permissions.authorizeConditional(
            resource.map(permission => ({ permission })),
            { credentials },
          )
        : [],
      basic.length > 0
        ? this.#permissions.authorize(
            basic.map(permission => ({ permission })),
            { credentials },
          )
        : [],
    ]);
    resource.forEach((item, index) =>
      decisions.set(item.name, resourceDecisions[index]),
    );
    basic.forEach((item, index) =>
      decisions.set(item.name, basicDecisions[index]),
    );
    return decisions;
  }
}
