import { canonicalJson } from '../definitions/canonicalJson';
import { WorkloadResource } from '../score/workload';
import type { ReadSpec } from './generateManifests';

/** Checks what only shows when several specs are looked at together. */
export function checkTogether(specs: readonly ReadSpec[]): void {
  const byName = new Map<string, ReadSpec>();
  const byUid = new Map<
    string,
    { spec: ReadSpec; resource: WorkloadResource }
  >();
  for (const spec of specs) {
    const { workload, problems } = spec;
    const other = byName.get(workload.name);
    if (other) {
      problems.error({
        code: 'GENERATE_DUPLICATE_WORKLOAD',
        message: `The workload "${workload.name}" is also described by ${label(other)}.`,
        path: ['metadata', 'name'],
        suggestions: ['Give one of the two another name.'],
      });
    }
    byName.set(workload.name, spec);
    for (const resource of Object.values(workload.resources)) {
      const first = byUid.get(resource.uid);
      if (first && !sameWishes(first.resource, resource)) {
        problems.error({
          code: 'GENERATE_SHARED_RESOURCE',
          message: `The resource "${resource.name}" (${resource.uid}) is shared with ${label(first.spec)}, but has other params or metadata there.`,
          path: ['resources', resource.name],
          suggestions: [
            'Write the same params and metadata in both, or give the resources different ids.',
          ],
        });
      }
      byUid.set(resource.uid, first ?? { spec, resource });
    }
  }
}

function label({ input, workload }: ReadSpec): string {
  return input.file === undefined ? `"${workload.name}"` : `"${input.file}"`;
}

function sameWishes(a: WorkloadResource, b: WorkloadResource): boolean {
  return (
    canonicalJson(a.params) === canonicalJson(b.params) &&
    canonicalJson(a.metadata) === canonicalJson(b.metadata)
  );
}
