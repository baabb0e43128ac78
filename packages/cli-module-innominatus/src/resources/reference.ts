import type {
  InnominatusClient,
  Resource,
} from '@innominatus/backstage-plugin-innominatus-common';
import { parseApplication } from '../applications/reference';
import { ArgDefinition } from '../framework/command';
import { CliError, UsageError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SHOWN = 5;

/** How commands name a resource. */
export const resourceArg = {
  name: 'resource',
  required: true,
  description:
    'Name, ENV/WORKLOAD/NAME, uid such as postgres.default#orders.db, or id',
} as const satisfies ArgDefinition;

/** Finds the one resource that a person means. */
export async function resolveResource(
  client: InnominatusClient,
  options: { target: string; environment?: string },
): Promise<Resource> {
  const { target, environment } = options;
  if (ID.test(target)) {
    return client.getResource(target);
  }
  const { items } = await client.listResources({
    ...toFilter(target, environment),
    limit: SHOWN + 1,
  });
  if (items.length === 1) {
    return items[0];
  }
  if (items.length === 0) {
    throw new CliError(`There is no resource "${target}".`, {
      exitCode: ExitCode.notFound,
      next: 'See all: innominatus resources list',
    });
  }
  const places = items
    .slice(0, SHOWN)
    .map(item => `${item.environment}/${item.workload}/${item.name}`);
  throw new UsageError(
    `"${target}" is the name of several resources: ${places.join(', ')}${items.length > SHOWN ? ', …' : ''}.`,
    { next: `Say which: ${places[0]}` },
  );
}

function toFilter(target: string, environment: string | undefined) {
  const only = (value: string | undefined) => (value ? [value] : undefined);
  if (target.includes('#')) {
    return { uid: [target], environment: only(environment) };
  }
  const parts = target.split('/');
  if (parts.length === 3) {
    const application = parseApplication(
      parts.slice(0, 2).join('/'),
      environment,
    );
    return {
      environment: only(application.environment),
      workload: [application.name],
      name: [parts[2]],
    };
  }
  if (parts.length === 2) {
    return {
      environment: only(environment),
      workload: [parts[0]],
      name: [parts[1]],
    };
  }
  if (parts.length > 3) {
    throw new UsageError(
      `"${target}" is not a resource: ENV/WORKLOAD/NAME is expected, for example development/orders/db.`,
    );
  }
  return { environment: only(environment), name: [target] };
}
