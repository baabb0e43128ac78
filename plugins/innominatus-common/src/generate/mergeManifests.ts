import { canonicalJson } from '../definitions/canonicalJson';
import { identityOf, KubernetesObject } from '../manifests';
import type { ReadSpec } from './generateManifests';

/**
 * Puts the objects of several workloads together. What a shared resource
 * brings comes along with each of them and counts once; anything else that is
 * there twice is an error.
 */
export function mergeManifests(
  parts: ReadonlyArray<{ spec: ReadSpec; manifests: KubernetesObject[] }>,
): KubernetesObject[] {
  const merged = new Map<string, KubernetesObject>();
  for (const { spec, manifests } of parts) {
    for (const manifest of manifests) {
      const identity = identityOf(manifest);
      const other = merged.get(identity);
      if (other === undefined) {
        merged.set(identity, manifest);
      } else if (contentOf(other) !== contentOf(manifest)) {
        spec.problems.error({
          code: 'MANIFEST_DUPLICATE',
          message: `Another workload has an object of the same name: ${manifest.kind} "${manifest.metadata.name}".`,
          path: ['metadata', 'name'],
          suggestions: ['Give one of the workloads another name.'],
        });
      }
    }
  }
  return [...merged.values()];
}

/** Labels name the workload an object came with, so they may differ. */
function contentOf({ metadata, ...rest }: KubernetesObject): string {
  const { labels, ...others } = metadata;
  return canonicalJson({ ...rest, metadata: others });
}
