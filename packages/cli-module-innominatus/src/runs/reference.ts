import type { InnominatusClient } from '@innominatus/backstage-plugin-innominatus-common';
import {
  formatApplication,
  resolveApplication,
} from '../applications/reference';
import { CliError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';

const RUN = /^(#?\d+|[0-9a-f]{8}-[0-9a-f-]{27})$/i;

/** Tells a run, `42` or an id, from the name of an application. */
export function isRun(target: string): boolean {
  return RUN.test(target);
}

/** The form the API wants. */
export function runId(target: string): string {
  return target.replace(/^#/, '');
}

/** A run by number or id, or the last one of an application. */
export async function resolveRun(
  target: string,
  options: { environment?: string; client: InnominatusClient },
): Promise<string> {
  if (!options.environment && isRun(target)) {
    return runId(target);
  }
  const application = await resolveApplication(target, options);
  const { lastDeployment } = await options.client.getApplication(application);
  if (!lastDeployment?.runId) {
    const label = formatApplication(application);
    throw new CliError(`"${label}" has no run yet.`, {
      exitCode: ExitCode.notFound,
      next: `Deploy it first: innominatus deploy score.yaml --env ${application.environment}`,
    });
  }
  return lastDeployment.runId;
}
