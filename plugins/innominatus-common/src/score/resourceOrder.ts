import { JsonValue } from '../json';
import {
  DependencyCycleError,
  DependencyGraph,
  topologicalLevels,
} from './graph';
import { findPlaceholders, Placeholder } from './placeholders';
import { Workload } from './workload';

/**
 * Which resources of the workload each resource needs first, from the
 * placeholders in its params.
 *
 * @public
 */
export function resourceDependencies(
  workload: Pick<Workload, 'resources'>,
): Record<string, string[]> {
  const { resources } = workload;
  return Object.fromEntries(
    Object.entries(resources).map(([name, { params }]) => {
      const needed = new Set<string>();
      for (const placeholder of placeholdersIn(params)) {
        const other = referencedResource(placeholder);
        if (other !== undefined && Object.hasOwn(resources, other)) {
          needed.add(other);
        }
      }
      return [name, [...needed].sort()];
    }),
  );
}

/**
 * The order in which resources can be provisioned: levels whose members do
 * not need each other, names sorted inside a level. Throws a
 * {@link DependencyCycleError} that names the circle.
 *
 * @public
 */
export function resourceOrder(
  workload: Pick<Workload, 'resources'>,
): string[][] {
  const graph: DependencyGraph = resourceDependencies(workload);
  const { levels, cycle } = topologicalLevels(graph);
  if (cycle) {
    throw new DependencyCycleError(
      'a cycle exists involving resource param placeholders',
      cycle,
    );
  }
  return levels;
}

/**
 * Which resources each container reads, from its variables, files and
 * volumes.
 *
 * @public
 */
export function containerDependencies(
  workload: Pick<Workload, 'containers' | 'resources'>,
): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(workload.containers).map(([name, container]) => {
      const texts = [
        ...Object.values(container.variables),
        ...Object.values(container.files)
          .filter(file => !file.noExpand)
          .map(file => file.content ?? ''),
        ...Object.values(container.volumes).map(volume => volume.source),
      ];
      const needed = new Set<string>();
      for (const placeholder of texts.flatMap(findPlaceholders)) {
        const resource = referencedResource(placeholder);
        if (
          resource !== undefined &&
          Object.hasOwn(workload.resources, resource)
        ) {
          needed.add(resource);
        }
      }
      return [name, [...needed].sort()];
    }),
  );
}

function referencedResource({ parts }: Placeholder): string | undefined {
  return parts[0] === 'resources' ? parts[1] : undefined;
}

function placeholdersIn(value: JsonValue | undefined): Placeholder[] {
  if (typeof value === 'string') {
    return findPlaceholders(value);
  }
  if (Array.isArray(value)) {
    return value.flatMap(placeholdersIn);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).flatMap(placeholdersIn);
  }
  return [];
}
