import { NotFoundError } from '@backstage/errors';
import {
  Environment,
  resolveEnvironment,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DefinitionRegistry } from '../definitions';
import { ProblemError } from '../http/ProblemError';

type Lookup = Pick<DefinitionRegistry, 'findEnvironment'>;

/**
 * The environment as an application in it sees it: with the templates of its
 * target filled in. `undefined` when it is not there any more.
 */
export async function environmentOf(
  registry: Lookup,
  application: { environment: string; name: string },
): Promise<Environment | undefined> {
  const found = await registry.findEnvironment(application.environment);
  return found && resolveEnvironment(found, application).environment;
}

/** The same for something that is about to change there. */
export async function requireEnvironment(
  registry: Lookup,
  application: { environment: string; name: string },
): Promise<Environment> {
  const found = await registry.findEnvironment(application.environment);
  if (!found) {
    throw new NotFoundError(
      `There is no environment "${application.environment}"`,
    );
  }
  const { environment, problem } = resolveEnvironment(found, application);
  if (problem !== undefined) {
    throw new ProblemError({
      status: 422,
      code: 'ENVIRONMENT_TARGET_INVALID',
      message: problem,
    });
  }
  return environment;
}
