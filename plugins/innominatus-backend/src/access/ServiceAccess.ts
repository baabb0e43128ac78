import {
  AllowedAction,
  applicationDeletePermission,
  applicationDeployPermission,
  environmentCreatePermission,
  environmentDeletePermission,
  environmentOverridePermission,
  environmentUpdatePermission,
  runControlPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { AccessQuestion } from './types';

const GUARDED_PERMISSIONS: string[] = [
  applicationDeployPermission.name,
  applicationDeletePermission.name,
  runControlPermission.name,
  environmentCreatePermission.name,
  environmentUpdatePermission.name,
  environmentDeletePermission.name,
  environmentOverridePermission.name,
];

/** This plugin itself, when it removes an environment that somebody deleted. */
const OURSELVES = 'plugin:innominatus';

/**
 * Which services may change production environments.
 *
 * @remarks
 * Service principals never reach the permission policy of Backstage, so
 * without this any plugin or external token could deploy to production.
 */
export class ServiceAccess {
  readonly #environmentsBySubject: Map<string, string[]>;

  private constructor(environmentsBySubject: Map<string, string[]>) {
    this.#environmentsBySubject = environmentsBySubject;
  }

  static fromConfig(config: Config): ServiceAccess {
    const environmentsBySubject = new Map<string, string[]>();
    const entries =
      config.getOptionalConfigArray('innominatus.serviceAccess') ?? [];
    for (const entry of entries) {
      const subject = entry.getString('subject');
      environmentsBySubject.set(subject, [
        ...(environmentsBySubject.get(subject) ?? []),
        ...entry.getStringArray('environments'),
      ]);
    }
    return new ServiceAccess(environmentsBySubject);
  }

  check(
    credentials: BackstageCredentials,
    question: AccessQuestion,
  ): AllowedAction {
    const { permission, subject } = question;
    if (
      !GUARDED_PERMISSIONS.includes(permission.name) ||
      subject?.environmentType !== 'production'
    ) {
      return { allowed: true };
    }
    const principal = principalOf(credentials);
    if (principal.type === 'user' || principal.subject === OURSELVES) {
      return { allowed: true };
    }
    const environments =
      this.#environmentsBySubject.get(principal.subject ?? '') ?? [];
    if (subject.environment && environments.includes(subject.environment)) {
      return { allowed: true };
    }
    return {
      allowed: false,
      reason: `'${principal.subject ?? 'An unknown caller'}' is no user and is not listed in 'innominatus.serviceAccess' for the production environment '${subject.environment}'. Sign in as a user, or ask the platform team to list it.`,
    };
  }
}

/** What is known about a caller. */
export function principalOf(credentials: BackstageCredentials): {
  type: string;
  subject?: string;
  userEntityRef?: string;
} {
  return credentials.principal as {
    type: string;
    subject?: string;
    userEntityRef?: string;
  };
}
