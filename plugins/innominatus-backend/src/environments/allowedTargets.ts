import { Config } from '@backstage/config';
import { ProblemError } from '../http';
import { EnvironmentDefinition } from './types';

const KEY = 'innominatus.environments.allowedTargets';

/** Settings of a target that an entry can fix. */
const SETTINGS = [
  'cluster',
  'namespace',
  'repository',
  'branch',
  'path',
] as const;

/** Where environments of the API may lead. */
export interface AllowedTarget {
  type: string;
  /** Without them environments of all types. */
  environmentTypes?: string[];
  /** A value that ends in `*` stands for all that begin so. */
  settings: Partial<Record<(typeof SETTINGS)[number], string>>;
}

/** Reads the key; without it any target may be chosen. */
export function readAllowedTargets(
  config: Config,
): AllowedTarget[] | undefined {
  return config.getOptionalConfigArray(KEY)?.map(entry => ({
    type: entry.getString('type'),
    environmentTypes: entry.getOptionalStringArray('environmentTypes'),
    settings: Object.fromEntries(
      SETTINGS.flatMap(name => {
        const value = entry.getOptionalString(name);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  }));
}

/** Refuses an environment that leads where only files may lead. */
export function requireAllowedTarget(
  { name, type, target }: EnvironmentDefinition,
  allowed: AllowedTarget[] | undefined,
): void {
  const isAllowed = allowed?.some(
    entry =>
      entry.type === target.type &&
      (entry.environmentTypes?.includes(type) ?? true) &&
      Object.entries(entry.settings).every(([setting, wanted]) =>
        matches(wanted, new Map(Object.entries(target)).get(setting)),
      ),
  );
  if (allowed === undefined || isAllowed) {
    return;
  }
  const may = allowed
    .filter(entry => entry.environmentTypes?.includes(type) ?? true)
    .map(describe);
  throw new ProblemError({
    status: 422,
    code: 'ENVIRONMENT_TARGET',
    message: `The environment "${name}" of the type "${type}" may not use this target. ${
      may.length > 0
        ? `Allowed are: ${may.join('; ')}.`
        : `Environments of this type can only be made in files.`
    } The platform team decides in "${KEY}".`,
  });
}

function matches(wanted: string, value: unknown): boolean {
  if (typeof value !== 'string') {
    return false;
  }
  return wanted.endsWith('*')
    ? value.startsWith(wanted.slice(0, -1)) && !climbs(value)
    : value === wanted;
}

/** `previews/../production` begins as it should and leads elsewhere, as does an encoded one. */
function climbs(value: string): boolean {
  return value
    .replace(/%2e/gi, '.')
    .replace(/%(2f|5c)/gi, '/')
    .split(/[/\\]/)
    .includes('..');
}

function describe({ type, settings }: AllowedTarget): string {
  return [
    type,
    ...Object.entries(settings).map(([name, value]) => `${name} "${value}"`),
  ].join(', ');
}
