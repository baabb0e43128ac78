import { KubernetesObject } from './types';
import { shortHash } from './shortHash';
import { identityOf } from './identity';
import { sortManifests } from './order';

const MAX_LENGTH = 120;

/**
 * Gives each object a file of its own, in the order in which they are applied.
 * Objects that only differ in group or namespace get a hash in the name.
 *
 * @public
 */
export function manifestFiles(
  manifests: readonly KubernetesObject[],
): Map<string, KubernetesObject> {
  const sorted = sortManifests(manifests);
  const taken = new Map<string, number>();
  for (const manifest of sorted) {
    const name = manifestFileName(manifest);
    taken.set(name, (taken.get(name) ?? 0) + 1);
  }
  return new Map(
    sorted.map(manifest => {
      const unique = (taken.get(manifestFileName(manifest)) ?? 0) > 1;
      return [manifestFileName(manifest, { unique }), manifest];
    }),
  );
}

/**
 * Name of the file an object is written to, for example
 * `deployment-podinfo.yaml`; with `unique` one that no other object has.
 * {@link manifestFiles} names all objects of a delivery.
 *
 * @public
 */
export function manifestFileName(
  manifest: KubernetesObject,
  options: { unique?: boolean } = {},
): string {
  const base = `${manifest.kind}-${manifest.metadata.name}`
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, MAX_LENGTH);
  return options.unique
    ? `${base}-${shortHash([identityOf(manifest)], 6)}.yaml`
    : `${base}.yaml`;
}
