import { containerDependencies, Workload } from '../score';
import { resourceLevels } from './prerequisites';
import { AnalysisGraph } from './types';

/**
 * The workload, its containers and its resources with what they need.
 */
export function resourceGraph(
  workload: Workload,
  prerequisites: Readonly<Record<string, readonly string[]>>,
): AnalysisGraph {
  const root = `workload:${workload.name}`;
  const uses = containerDependencies(workload);
  const containers = Object.keys(workload.containers).sort();
  const resources = Object.keys(workload.resources).sort();
  const levels = new Map(
    resourceLevels(prerequisites).flatMap((names, index) =>
      names.map(name => [name, index + 2] as const),
    ),
  );
  return {
    nodes: [
      { id: root, kind: 'workload', name: workload.name, level: 0 },
      ...containers.map(name => ({
        id: `container:${name}`,
        kind: 'container' as const,
        name,
        level: 1,
      })),
      ...resources.map(name => ({
        id: `resource:${name}`,
        kind: 'resource' as const,
        name,
        type: workload.resources[name].type,
        level: levels.get(name) ?? 2,
      })),
    ],
    edges: [
      ...containers.map(name => ({
        from: root,
        to: `container:${name}`,
        type: 'contains' as const,
      })),
      ...resources.map(name => ({
        from: root,
        to: `resource:${name}`,
        type: 'requires' as const,
      })),
      ...containers.flatMap(container =>
        uses[container].map(name => ({
          from: `container:${container}`,
          to: `resource:${name}`,
          type: 'uses' as const,
        })),
      ),
      ...resources.flatMap(name =>
        prerequisites[name].map(other => ({
          from: `resource:${other}`,
          to: `resource:${name}`,
          type: 'prerequisite' as const,
        })),
      ),
    ],
  };
}
