import { existsSync } from 'node:fs';
import type { InnominatusClient } from '@innominatus/backstage-plugin-innominatus-common';
import { CliError, UsageError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';

/** One workload in one environment. */
export interface ApplicationKey {
  environment: string;
  name: string;
}

const SEGMENT = /^[A-Za-z0-9]([-A-Za-z0-9._]*[A-Za-z0-9])?$/;

/** As a person writes it: `development/orders`. */
export function formatApplication(application: ApplicationKey): string {
  return `${application.environment}/${application.name}`;
}

/** Tells a Score file from an application: both may contain a slash. */
export function isFile(target: string): boolean {
  return (
    target === '-' || /\.(ya?ml|json)$/i.test(target) || existsSync(target)
  );
}

/** Reads `ENV/NAME`, or `NAME` where the environment is given beside it. */
export function parseApplication(
  target: string,
  environment: string | undefined,
): { environment?: string; name: string } {
  const parts = target.split('/');
  if (parts.length > 2 || !parts.every(part => SEGMENT.test(part))) {
    throw new UsageError(
      `"${target}" is not an application: ENV/NAME is expected, for example development/orders.`,
    );
  }
  if (parts.length === 1) {
    return { environment, name: parts[0] };
  }
  if (environment && environment !== parts[0]) {
    throw new UsageError(
      `"${target}" names the environment "${parts[0]}", but --env says "${environment}".`,
    );
  }
  return { environment: parts[0], name: parts[1] };
}

/**
 * Like {@link parseApplication}, and asks the backend for the environment
 * when only the name is given and leaves no doubt.
 */
export async function resolveApplication(
  target: string,
  options: { environment?: string; client: InnominatusClient },
): Promise<ApplicationKey> {
  const { environment, name } = parseApplication(target, options.environment);
  if (environment) {
    return { environment, name };
  }
  const { items } = await options.client.listApplications({ name: [name] });
  if (items.length === 1) {
    return { environment: items[0].environment, name };
  }
  if (items.length === 0) {
    throw new CliError(`There is no application "${name}".`, {
      exitCode: ExitCode.notFound,
      next: 'See all: innominatus list',
    });
  }
  throw new UsageError(
    `"${name}" is in ${items.length} environments: ${items
      .map(item => item.environment)
      .join(', ')}.`,
    { next: `Say which: ${formatApplication(items[0])}` },
  );
}
