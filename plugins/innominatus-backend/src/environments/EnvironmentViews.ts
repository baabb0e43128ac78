import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  AllowedAction,
  Environment,
  environmentDeletePermission,
  environmentUpdatePermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { AccessControl, AccessSubject } from '../access/types';

/** What rules look at. */
export function environmentSubject(environment: {
  name: string;
  type: string;
}): AccessSubject {
  return { environment: environment.name, environmentType: environment.type };
}

/** Adds what the caller may do with each, and why not. */
export async function withAllowedActions(
  environments: Environment[],
  options: { access: AccessControl; credentials: BackstageCredentials },
): Promise<Environment[]> {
  const answers = await options.access.check(
    options.credentials,
    environments.flatMap(item => [
      {
        permission: environmentUpdatePermission,
        subject: environmentSubject(item),
      },
      {
        permission: environmentDeletePermission,
        subject: environmentSubject(item),
      },
    ]),
  );
  return environments.map((item, index) => {
    const obstacle = obstacleOf(item);
    const update = obstacle ?? answers[2 * index];
    return {
      ...item,
      allowedActions: {
        update,
        delete: obstacle ?? answers[2 * index + 1],
        extend:
          update.allowed && item.expiresAt === undefined
            ? { allowed: false, reason: 'It has no end that could be moved.' }
            : update,
      },
    };
  });
}

function obstacleOf(environment: Environment): AllowedAction | undefined {
  if (environment.state === undefined) {
    return {
      allowed: false,
      reason: `It is defined in "${environment.source}". Change that file.`,
    };
  }
  return environment.state === 'removing'
    ? { allowed: false, reason: 'It is being removed.' }
    : undefined;
}
