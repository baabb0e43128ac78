import { KubernetesObject } from './types';
import { shortHash } from './shortHash';
import { identityOf } from './identity';

const MAX_LENGTH = 120;

/**
 * Name of the file an object is written to, for example
 * `deployment-podinfo.yaml`. Different objects of one delivery get different
 * names as long as they are of different kinds or names; use the second
 * argument to tell apart those that are not.
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
