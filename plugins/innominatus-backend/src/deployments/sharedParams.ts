import {
  JsonObject,
  JsonValue,
  canonicalJson,
  escapePlaceholders,
  findPlaceholders,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ResourceUse } from '../resources/types';

/** A param that two applications give another value. */
export interface Contradiction {
  path: string;
  ours: JsonValue;
  theirs: JsonValue;
  /** Applications that say `theirs`. */
  users: string[];
  /** Whether the application is among them that the resource belongs to. */
  isOwners: boolean;
}

export interface SharedParams {
  /** What the applications that share it declare together. */
  params: JsonObject;
  /**
   * The same for our own run: placeholders of others mean nothing in our Score
   * spec, so what they came to stands in for them.
   */
  runnable: JsonObject;
  /** Why we cannot have our way. */
  contradictions: Contradiction[];
  /** Who says something else than the application that the resource belongs to. */
  followers: string[];
}

export interface ShareParamsOptions {
  /** Without the defaults of the provider. */
  declared: JsonObject;
  application: string;
  /** Application that the resource belongs to. */
  owner: string;
  uses: readonly ResourceUse[];
  /** As the provider got them last. */
  resolved?: JsonObject;
}

/**
 * Params of a resource that several applications share: everything that any of
 * them declares. Who says nothing of a param does not contradict. Where two say
 * something else the application counts that the resource belongs to, so that a
 * value that all of them state can change at all: there first, and then the
 * others follow.
 */
export function shareParams(options: ShareParamsOptions): SharedParams {
  const { declared, application, owner, resolved = {} } = options;
  const others = options.uses.filter(use => use.workload !== application);
  const ofOwner = others.filter(use => use.workload === owner);
  const agreed = [
    ...others.filter(use => use.workload !== owner),
    ...ofOwner,
  ].reduce<JsonObject>((all, use) => merge(all, use.declared), {});
  const isOurs = application === owner;
  return {
    params: merge(agreed, declared),
    runnable: merge(inOurWords(agreed, resolved), declared),
    contradictions: isOurs
      ? []
      : differences(declared, agreed).map(({ at, ours, theirs }) => ({
          path: at.join('.'),
          ours,
          theirs,
          users: others
            .filter(use => isSame(valueAt(use.declared, at), theirs))
            .map(use => use.workload),
          isOwners: ofOwner.some(use =>
            isSame(valueAt(use.declared, at), theirs),
          ),
        })),
    followers: isOurs
      ? others
          .filter(use => differences(declared, use.declared).length > 0)
          .map(use => use.workload)
      : [],
  };
}

interface Difference {
  at: string[];
  ours: JsonValue;
  theirs: JsonValue;
}

/** Where both say something, and not the same. */
function differences(
  ours: JsonValue,
  theirs: JsonValue,
  at: string[] = [],
): Difference[] {
  if (isObject(ours) && isObject(theirs)) {
    return Object.entries(ours).flatMap(([key, value]) =>
      Object.hasOwn(theirs, key)
        ? differences(value, theirs[key], [...at, key])
        : [],
    );
  }
  return isSame(ours, theirs) ? [] : [{ at, ours, theirs }];
}

/** What the second says counts; lists are taken whole. */
function merge(first: JsonObject, second: JsonObject): JsonObject {
  const merged = new Map(Object.entries(first));
  for (const [key, value] of Object.entries(second)) {
    const known = merged.get(key);
    merged.set(
      key,
      isObject(known) && isObject(value) ? merge(known, value) : value,
    );
  }
  return Object.fromEntries(merged) as JsonObject;
}

/** Without a resolved value a param is left out. */
function inOurWords(values: JsonObject, resolved: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      const known = Object.hasOwn(resolved, key) ? resolved[key] : undefined;
      if (isObject(value)) {
        return [[key, inOurWords(value, isObject(known) ? known : {})]];
      }
      if (!hasPlaceholders(value)) {
        return [[key, value]];
      }
      return known === undefined ? [] : [[key, escaped(known)]];
    }),
  ) as JsonObject;
}

function hasPlaceholders(value: JsonValue | undefined): boolean {
  if (typeof value === 'string') {
    return findPlaceholders(value).length > 0;
  }
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some(hasPlaceholders)
  );
}

/** So that it is not expanded a second time. */
function escaped(value: JsonValue): JsonValue {
  if (typeof value === 'string') {
    return escapePlaceholders(value);
  }
  if (Array.isArray(value)) {
    return value.map(escaped);
  }
  return isObject(value)
    ? (Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, escaped(item)]),
      ) as JsonObject)
    : value;
}

function valueAt(value: JsonValue, at: string[]): JsonValue | undefined {
  return at.reduce<JsonValue | undefined>(
    (found, key) =>
      isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined,
    value,
  );
}

function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
