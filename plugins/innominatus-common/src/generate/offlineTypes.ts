import { JsonObject } from '../json';
import types from './offlineTypes.json';

/**
 * A resource type as it is known without a backend. Outputs and manifests are
 * templates of a provider.
 */
export interface OfflineResourceType {
  type: string;
  aliases: string[];
  /** JSON Schema. */
  parameters: JsonObject;
  /** Names of the outputs that are secret. */
  sensitive: string[];
  values: JsonObject;
  manifests: JsonObject[];
}

/**
 * What the providers `kubernetes` and `simulator` of the examples offer. A test
 * holds the file against them and says how to write it anew.
 */
export const OFFLINE_TYPES: readonly OfflineResourceType[] =
  // As TypeScript infers it, a key of one entry is an `undefined` of the others.
  types as unknown as OfflineResourceType[];

export function offlineTypeOf(type: string): OfflineResourceType | undefined {
  return OFFLINE_TYPES.find(
    item => item.type === type || item.aliases.includes(type),
  );
}
