import {
  JsonObject,
  JsonValue,
  ProviderResourceType,
  ValueChange,
  compareValues,
  findForgedSecret,
} from '@innominatus/backstage-plugin-innominatus-common';
import { maskChanges } from '../deployments/maskChanges';
import { referencesToMarkers } from '../engine/RunSecrets';
import { ResourceRecord } from '../resources/types';

const MASK = '••••';

/** What a provider says is there. */
export interface FoundResource {
  exists: boolean;
  /** Only those that the provider looked at. */
  params: JsonObject;
  /** Only those that are declared or recorded; secrets as references. */
  outputs: Record<string, JsonValue>;
}

/**
 * Reads what the operation `read` of a provider gives: outputs by their names,
 * and beside them `exists` and `params`, unless outputs are called like that.
 */
export function toFound(
  values: Record<string, JsonValue>,
  options: {
    record: Pick<ResourceRecord, 'outputs'>;
    resourceType: ProviderResourceType;
  },
): FoundResource {
  const known = new Set([
    ...options.resourceType.outputs.map(output => output.name),
    ...Object.keys(options.record.outputs),
  ]);
  const { exists, params } = Object.fromEntries(
    Object.entries(values).filter(([name]) => !known.has(name)),
  );
  return {
    // Templates make text of it.
    exists: exists !== false && exists !== 'false',
    params: isObject(params) ? params : {},
    outputs: Object.fromEntries(
      Object.entries(values).filter(
        ([name, value]) => known.has(name) && value !== null,
      ),
    ),
  };
}

/**
 * What is recorded compared with what is there. Secrets are compared by their
 * values, and only said to differ.
 */
export async function compareResource(options: {
  record: ResourceRecord;
  resourceType: ProviderResourceType;
  found: FoundResource;
  resolveSecrets: <T extends JsonValue>(value: T) => Promise<T>;
}): Promise<ValueChange[]> {
  const { record, resourceType, found, resolveSecrets } = options;
  const sensitive = new Set(
    resourceType.outputs.filter(item => item.sensitive).map(item => item.name),
  );
  const changes: ValueChange[] = [];
  const compare = async (
    kind: 'params' | 'outputs',
    recorded: JsonObject,
    values: JsonObject,
  ) => {
    for (const [name, value] of Object.entries(values)) {
      const before = Object.hasOwn(recorded, name)
        ? referencesToMarkers(recorded[name])
        : undefined;
      const after = referencesToMarkers(value);
      const isSecret =
        (kind === 'outputs' && sensitive.has(name)) ||
        (before !== undefined && findForgedSecret(before) !== undefined) ||
        findForgedSecret(after) !== undefined;
      if (!isSecret) {
        const differing = compareValues(
          before === undefined ? {} : { [name]: before },
          { [name]: after },
        );
        const shown =
          kind === 'params'
            ? maskChanges(differing, resourceType.parameters)
            : differing;
        changes.push(
          ...shown.map(change => ({
            ...change,
            path: `${kind}.${change.path}`,
          })),
        );
      } else if (
        before === undefined ||
        toText(await resolveSecrets(before)) !==
          toText(await resolveSecrets(after))
      ) {
        changes.push({
          path: `${kind}.${name}`,
          ...(before === undefined ? {} : { before: MASK }),
          after: MASK,
        });
      }
    }
  };
  await compare('params', record.resolvedParams ?? record.params, found.params);
  await compare('outputs', record.outputs, found.outputs);
  return changes;
}

function toText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
