/**
 * Nodes with the nodes they depend on.
 *
 * @public
 */
export type DependencyGraph = Readonly<Record<string, readonly string[]>>;

/**
 * Thrown when dependencies run in a circle.
 *
 * @public
 */
export class DependencyCycleError extends Error {
  /** The circle, its first name repeated at the end. */
  readonly path: string[];

  constructor(message: string, path: string[]) {
    super(`${message}: ${path.join(' → ')}`);
    this.name = 'DependencyCycleError';
    this.path = path;
  }
}

/**
 * Sorts a graph into levels (Kahn): a node stands one level after the last of
 * its dependencies, names inside a level are sorted. What cannot be sorted is
 * in `cycle`. Dependencies that are no nodes are ignored.
 *
 * @public
 */
export function topologicalLevels(graph: DependencyGraph): {
  levels: string[][];
  cycle?: string[];
} {
  const nodes = Object.keys(graph);
  const waitsFor = new Map<string, number>();
  const dependants = new Map<string, string[]>(nodes.map(node => [node, []]));
  for (const node of nodes) {
    const known = new Set(graph[node].filter(name => dependants.has(name)));
    waitsFor.set(node, known.size);
    for (const dependency of known) {
      dependants.get(dependency)?.push(node);
    }
  }
  const levels: string[][] = [];
  let ready = nodes.filter(node => waitsFor.get(node) === 0);
  let placed = 0;
  while (ready.length > 0) {
    levels.push(ready.sort());
    placed += ready.length;
    const next: string[] = [];
    for (const node of ready) {
      for (const dependant of dependants.get(node) ?? []) {
        const left = (waitsFor.get(dependant) ?? 0) - 1;
        waitsFor.set(dependant, left);
        if (left === 0) {
          next.push(dependant);
        }
      }
    }
    ready = next;
  }
  if (placed === nodes.length) {
    return { levels };
  }
  const stuck = nodes.filter(node => (waitsFor.get(node) ?? 0) > 0).sort();
  return { levels, cycle: followCycle(graph, stuck) };
}

// Every stuck node waits for another stuck one, so following the first of
// them comes back to a node that was seen.
function followCycle(graph: DependencyGraph, stuck: string[]): string[] {
  const isStuck = new Set(stuck);
  const seen = new Map<string, number>();
  const path: string[] = [];
  let current = stuck[0];
  while (!seen.has(current)) {
    seen.set(current, path.length);
    path.push(current);
    const next = [...graph[current]].sort().find(name => isStuck.has(name));
    if (next === undefined) {
      return path;
    }
    current = next;
  }
  return [...path.slice(seen.get(current)), current];
}
