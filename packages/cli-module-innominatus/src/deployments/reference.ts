import type {
  DeploymentSummary,
  InnominatusClient,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  formatApplication,
  resolveApplication,
} from '../applications/reference';
import { ArgDefinition } from '../framework/command';
import { CliError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';

/** Argument of commands that take a deployment. */
export const deploymentArg = {
  name: 'deployment',
  required: true,
  description: 'Id of a deployment, or ENV/NAME for the last one',
  complete: 'application',
} as const satisfies ArgDefinition;

/** Ids of deployments are UUIDs; applications are written otherwise. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The deployment that is meant: by its id, or the last one of an application. */
export async function resolveDeployment(
  client: InnominatusClient,
  options: { target: string; environment?: string },
): Promise<DeploymentSummary> {
  const { target, environment } = options;
  if (ID.test(target)) {
    return client.getDeployment(target);
  }
  const application = await resolveApplication(target, { environment, client });
  const { items } = await client.listDeployments({
    environment: [application.environment],
    name: [application.name],
    sort: '-createdAt',
    limit: 1,
  });
  if (!items[0]) {
    throw new CliError(
      `Nothing was deployed to ${formatApplication(application)}.`,
      {
        exitCode: ExitCode.notFound,
        next: 'See all: innominatus deployments list',
      },
    );
  }
  return client.getDeployment(items[0].id);
}
