import { resourceDependencies, topologicalLevels, Workload } from '../score';

// Of these types the first is usually built on the second, even where no
// placeholder says so.
const TYPE_PREREQUISITES: ReadonlyArray<readonly [string, string]> = [
  ['postgres', 'volume'],
  ['redis', 'volume'],
  ['route', 'service'],
  ['service', 'deployment'],
];

// Comparing every resource with every other one is only cheap for the sizes
// that people write.
const MAX_RESOURCES_BY_TYPE = 200;

/**
 * What each resource waits for: the resources its params name, and those its
 * type is usually built on as long as that closes no circle.
 */
export function resourcePrerequisites(
  workload: Pick<Workload, 'resources'>,
): Record<string, string[]> {
  const graph = resourceDependencies(workload);
  const resources = Object.values(workload.resources);
  if (resources.length > MAX_RESOURCES_BY_TYPE) {
    return graph;
  }
  for (const [type, needed] of TYPE_PREREQUISITES) {
    for (const dependent of resources.filter(each => each.type === type)) {
      for (const { name } of resources.filter(each => each.type === needed)) {
        const current = graph[dependent.name];
        if (!current.includes(name) && !reaches(graph, name, dependent.name)) {
          graph[dependent.name] = [...current, name].sort();
        }
      }
    }
  }
  return graph;
}

/** Levels of the resources; a circle among them is one last level. */
export function resourceLevels(
  graph: Readonly<Record<string, readonly string[]>>,
): string[][] {
  const { levels, cycle } = topologicalLevels(graph);
  if (cycle === undefined) {
    return levels;
  }
  const placed = new Set(levels.flat());
  return [
    ...levels,
    Object.keys(graph)
      .filter(name => !placed.has(name))
      .sort(),
  ];
}

function reaches(
  graph: Readonly<Record<string, readonly string[]>>,
  from: string,
  to: string,
): boolean {
  const seen = new Set([from]);
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) {
      return true;
    }
    for (const next of graph[name] ?? []) {
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return false;
}
