import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  AllowedAction,
  Environment,
  EnvironmentCopies,
  environmentCreatePermission,
  environmentDeletePermission,
  environmentUpdatePermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { AccessControl, AccessSubject } from '../access/types';
import type { EnvironmentService } from './EnvironmentService';

/** What rules look at. */
export function environmentSubject(environment: {
  name: string;
  type: string;
}): AccessSubject {
  return { environment: environment.name, environmentType: environment.type };
}

/** Adds what the caller may do with each, and why not, and how it is copied. */
export async function withAllowedActions(
  items: Environment[],
  options: {
    environments: Pick<EnvironmentService, 'copiesOf'>;
    access: AccessControl;
    credentials: BackstageCredentials;
  },
): Promise<Environment[]> {
  const copies = await options.environments.copiesOf(items);
  const [create, ...answers] = await options.access.check(options.credentials, [
    {
      permission: environmentCreatePermission,
      subject: { environmentType: 'ephemeral' },
    },
    ...items.flatMap(item => [
      {
        permission: environmentUpdatePermission,
        subject: environmentSubject(item),
      },
      {
        permission: environmentDeletePermission,
        subject: environmentSubject(item),
      },
    ]),
  ]);
  return items.map((item, index) => {
    const obstacle = obstacleOf(item);
    const update = obstacle ?? answers[2 * index];
    const ownCopies = copies.get(item.name);
    return {
      ...item,
      ...(ownCopies ? { copies: ownCopies } : {}),
      allowedActions: {
        update,
        delete: obstacle ?? answers[2 * index + 1],
        extend:
          update.allowed && item.expiresAt === undefined
            ? { allowed: false, reason: 'It has no end that could be moved.' }
            : update,
        copy: copyObstacle(item, ownCopies) ?? create,
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

function copyObstacle(
  environment: Environment,
  copies: EnvironmentCopies | undefined,
): AllowedAction | undefined {
  if (environment.state === 'removing') {
    return { allowed: false, reason: 'It is being removed.' };
  }
  if (!copies) {
    return {
      allowed: false,
      reason:
        'The platform team allows no short-lived environments of it. They would with "ephemeral: {}" in its definition.',
    };
  }
  const { present, limit } = copies;
  return limit !== undefined && present >= limit
    ? {
        allowed: false,
        reason: `There may be ${limit} environments made from it, and there are ${present}. End one that is not needed any more.`,
      }
    : undefined;
}
