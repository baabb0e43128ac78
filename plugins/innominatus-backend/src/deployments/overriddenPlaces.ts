import {
  JsonObject,
  JsonValue,
} from '@innominatus/backstage-plugin-innominatus-common';

const MOST_PLACES = 1_000;

/** Places of a Score spec that overrides change, such as `containers.web.image`. */
export function overriddenPlaces(source: {
  overrides?: JsonObject;
  overrideProperties?: string[];
}): string[] {
  const assigned = (source.overrideProperties ?? []).map(
    text => text.split('=')[0],
  );
  return [...assigned, ...leavesOf(source.overrides ?? {}, [])].slice(
    0,
    MOST_PLACES,
  );
}

function leavesOf(value: JsonValue, path: string[]): string[] {
  return typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, item]) =>
        leavesOf(item, [...path, key]),
      )
    : path.slice(0, 1).map(() => path.join('.'));
}
