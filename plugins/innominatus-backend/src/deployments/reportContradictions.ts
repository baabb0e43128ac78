import {
  JsonObject,
  JsonValue,
  WorkloadResource,
  joinJsonPointer,
} from '@innominatus/backstage-plugin-innominatus-common';
import { maskChanges } from './maskChanges';
import { ScorePlaces } from './ScorePlaces';
import { SharedParams } from './sharedParams';

const MOST_SHOWN_CHARACTERS = 100;

/** What other applications say of a shared resource, and this one says otherwise. */
export function reportContradictions(options: {
  resource: Pick<WorkloadResource, 'name' | 'uid'>;
  /** Of the params; says which of them are secret. */
  schema: JsonObject | undefined;
  shared: Pick<SharedParams, 'contradictions'>;
  places: ScorePlaces;
}): void {
  const { resource, schema, shared, places } = options;
  for (const { path, ours, theirs, users, isOwners } of shared.contradictions) {
    const [{ before, after }] = maskChanges(
      [{ path, before: theirs, after: ours }],
      schema,
    );
    const names = users.map(user => `"${user}"`).join(', ');
    places.error({
      code: 'RESOURCE_SHARED_CONFLICT',
      message: `The shared resource "${resource.uid}" is used by ${names} with "${path}" ${show(before)}, and "${resource.name}" says ${show(after)}. All specs that share it have to say the same, or nothing.`,
      pointer: joinJsonPointer('/resources', resource.name, 'params'),
      suggestions: [
        isOwners
          ? `Say ${show(before)} as well, or leave "${path}" out; ${names} can change it, because the resource belongs to it.`
          : `Say ${show(before)} as well, or leave "${path}" out. To change it, have the application say so first that the resource belongs to.`,
      ],
    });
  }
}

function show(value: JsonValue | undefined): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > MOST_SHOWN_CHARACTERS
    ? `${text.slice(0, MOST_SHOWN_CHARACTERS)}…`
    : text;
}
