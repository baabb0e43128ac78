import { EnvironmentTarget } from '../api/types';
import { nearestNames } from '../diagnostics';
import { ProviderDefinition, ProviderResourceType } from './types';

/**
 * What of a resource decides who provides it.
 *
 * @public
 */
export interface ResourceKind {
  type: string;
  class: string;
  id?: string;
}

/** @public */
export interface EnvironmentKind {
  name: string;
  type: string;
  target: { type: EnvironmentTarget['type'] };
}

/** @public */
export interface ProviderMatch {
  provider: ProviderDefinition;
  resourceType: ProviderResourceType;
}

/** @public */
export type ProviderMatchResult =
  | ({ kind: 'match' } & ProviderMatch)
  /** Several fit equally well. */
  | { kind: 'tie'; matches: ProviderMatch[] }
  | {
      kind: 'none';
      /** Types that exist and read like the one asked for. */
      nearest: string[];
      /** The type exists, but not for this environment, class or id. */
      elsewhere: ProviderMatch[];
    };

/**
 * Finds the one provider of a resource.
 *
 * @remarks
 * The more exact declaration wins: by id before by class before by type, then
 * by name of the environment before by its type or target before any.
 *
 * @public
 */
export function matchProvider(options: {
  resource: ResourceKind;
  environment: EnvironmentKind;
  providers: readonly ProviderDefinition[];
}): ProviderMatchResult {
  const { resource, environment } = options;
  const all = options.providers.flatMap(provider =>
    provider.resourceTypes.map(resourceType => ({ provider, resourceType })),
  );
  const ofType = all.filter(({ resourceType }) =>
    typeNames(resourceType).includes(resource.type),
  );
  const fitting = ofType.filter(
    ({ resourceType }) =>
      (resourceType.class === undefined ||
        resourceType.class === resource.class) &&
      (resourceType.id === undefined || resourceType.id === resource.id) &&
      servesEnvironment(resourceType, environment),
  );
  if (fitting.length === 0) {
    return {
      kind: 'none',
      nearest: nearestNames(
        resource.type,
        new Set(all.flatMap(item => typeNames(item.resourceType))),
      ).filter(name => name !== resource.type),
      elsewhere: ofType,
    };
  }
  const best = Math.max(...fitting.map(item => rankOf(item.resourceType)));
  const matches = fitting.filter(item => rankOf(item.resourceType) === best);
  return matches.length === 1
    ? { kind: 'match', ...matches[0] }
    : { kind: 'tie', matches };
}

/**
 * Two declarations that claim the same resources.
 *
 * @public
 */
export interface ProviderConflict {
  type: string;
  matches: [ProviderMatch, ProviderMatch];
  /** One sentence that names both. */
  message: string;
}

/**
 * Finds every pair of declarations between which no resource could decide.
 *
 * @public
 */
export function findConflicts(
  providers: readonly ProviderDefinition[],
): ProviderConflict[] {
  const all = providers.flatMap(provider =>
    provider.resourceTypes.map(resourceType => ({ provider, resourceType })),
  );
  const conflicts: ProviderConflict[] = [];
  all.forEach((first, index) => {
    for (const second of all.slice(index + 1)) {
      const type = typeNames(first.resourceType).find(name =>
        typeNames(second.resourceType).includes(name),
      );
      if (type !== undefined && compete(first, second)) {
        conflicts.push({
          type,
          matches: [first, second],
          message: conflictMessage(type, first, second),
        });
      }
    }
  });
  return conflicts;
}

function conflictMessage(
  type: string,
  first: ProviderMatch,
  second: ProviderMatch,
): string {
  const one = first.provider.name;
  const other = second.provider.name;
  return one === other
    ? `The provider '${one}' declares the resource type '${type}' twice for the same environments. Give one of the two a class, an id or environments of its own.`
    : `The providers '${one}' and '${other}' both claim the resource type '${type}' for the same environments. Give one of them a class, an id or environments of its own.`;
}

function compete(first: ProviderMatch, second: ProviderMatch): boolean {
  const a = first.resourceType;
  const b = second.resourceType;
  return (
    rankOf(a) === rankOf(b) &&
    a.class === b.class &&
    a.id === b.id &&
    overlap(a.environments.names, b.environments.names) &&
    overlap(a.environments.types, b.environments.types) &&
    overlap(a.environments.targets, b.environments.targets)
  );
}

function overlap(a: string[], b: string[]): boolean {
  return a.length === 0 || b.length === 0 || a.some(item => b.includes(item));
}

function typeNames(resourceType: ProviderResourceType): string[] {
  return [resourceType.type, ...resourceType.aliases];
}

function servesEnvironment(
  resourceType: ProviderResourceType,
  environment: EnvironmentKind,
): boolean {
  const { names, types, targets } = resourceType.environments;
  return (
    (names.length === 0 || names.includes(environment.name)) &&
    (types.length === 0 || types.includes(environment.type)) &&
    (targets.length === 0 || targets.includes(environment.target.type))
  );
}

function rankOf(resourceType: ProviderResourceType): number {
  const { names, types, targets } = resourceType.environments;
  let environment = 0;
  if (names.length > 0) {
    environment = 2;
  } else if (types.length > 0 || targets.length > 0) {
    environment = 1;
  }
  return (
    (resourceType.id === undefined ? 0 : 8) +
    (resourceType.class === undefined ? 0 : 4) +
    environment
  );
}
