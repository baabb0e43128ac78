import { JsonObject } from '../json';
import { WorkloadComputeResources } from '../score/workload';
import { parseQuantity, toKubernetesQuantity } from './quantity';
import { RenderContext } from './RenderContext';

/** Limits and requests of a container; it may have none. */
export function renderComputeResources(
  container: string,
  context: RenderContext,
): JsonObject | undefined {
  const { limits, requests } =
    context.options.workload.containers[container].resources;
  for (const key of ['cpu', 'memory'] as const) {
    const limit = limits[key];
    const request = requests[key];
    if (limit !== undefined && request !== undefined) {
      const over =
        (parseQuantity(request) ?? 0) > (parseQuantity(limit) ?? Infinity);
      if (over) {
        context.problems.warning({
          code: 'MANIFEST_REQUEST_OVER_LIMIT',
          message: `Container "${container}" requests ${request} of ${key}, more than its limit of ${limit}. Clusters refuse that.`,
          path: ['containers', container, 'resources', 'requests', key],
          suggestions: ['Lower the request or raise the limit.'],
        });
      }
    }
  }
  const rendered = {
    ...section('limits', limits),
    ...section('requests', requests),
  };
  return Object.keys(rendered).length > 0 ? rendered : undefined;
}

function section(
  name: string,
  resources: WorkloadComputeResources,
): JsonObject {
  const entries = Object.entries(resources)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([key, value]) => [key, toKubernetesQuantity(value)]);
  return entries.length > 0 ? { [name]: Object.fromEntries(entries) } : {};
}
