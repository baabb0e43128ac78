import type { PlannedManifest } from '../api/types';
import { JsonValue } from '../json';
import { SECRET_TOKEN_PATTERN } from '../workflow/secretToken';
import { compareText } from './compact';
import { compareValues } from './compareValues';
import { identityOf } from './identity';
import { KubernetesObject } from './types';
import { toYaml } from './yaml';

const MASK = '••••';

/**
 * Compares what is delivered with what would be. Changes come in the order of
 * `after`; what goes away comes last, in the opposite order. Secrets are
 * masked in the texts.
 *
 * @public
 */
export function diffManifests(
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
): PlannedManifest[] {
  const old = new Map(before.map(object => [identityOf(object), object]));
  const changes = after.map((object): PlannedManifest => {
    const identity = identityOf(object);
    const previous = old.get(identity);
    old.delete(identity);
    if (previous === undefined) {
      return { action: 'create', ...head(object), after: text(object) };
    }
    const common = {
      ...head(object),
      before: text(previous),
      after: text(object),
    };
    return canonical(previous) === canonical(object)
      ? { action: 'keep', ...common }
      : {
          action: 'update',
          ...common,
          changes: compareValues(masked(previous), masked(object)),
        };
  });
  const removed = [...old.values()]
    .reverse()
    .map((object): PlannedManifest => ({
      action: 'delete',
      ...head(object),
      before: text(object),
    }));
  return [...changes, ...removed];
}

function head(
  object: KubernetesObject,
): Pick<PlannedManifest, 'apiVersion' | 'kind' | 'name'> {
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name: object.metadata.name,
  };
}

function text(object: KubernetesObject): string {
  return toYaml([object]).replace(SECRET_TOKEN_PATTERN, MASK);
}

function masked(object: KubernetesObject): JsonValue {
  return JSON.parse(
    JSON.stringify(object, (_key, child) =>
      typeof child === 'string'
        ? child.replace(SECRET_TOKEN_PATTERN, MASK)
        : child,
    ),
  );
}

/** The order of keys says nothing; the order of lists does. */
function canonical(value: JsonValue): string {
  return JSON.stringify(value, (_key, child) =>
    typeof child === 'object' && child !== null && !Array.isArray(child)
      ? Object.fromEntries(
          Object.entries(child).sort(([a], [b]) => compareText(a, b)),
        )
      : child,
  );
}
