import {
  PlannedResource,
  Workload,
} from '@innominatus/backstage-plugin-innominatus-common';

const MAX_LINES = 20;

/** What is new, in lines that people read in a history. */
export function describeChanges(options: {
  before: Workload | undefined;
  after: Workload | undefined;
  resources: PlannedResource[];
}): string[] {
  const { before, after, resources } = options;
  const lines: string[] = [];
  for (const [name, container] of Object.entries(after?.containers ?? {})) {
    const old = before?.containers[name];
    if (!old) {
      lines.push(`Container ${name} with ${container.image}`);
      continue;
    }
    if (old.image !== container.image) {
      lines.push(`Container ${name}: ${old.image} → ${container.image}`);
    }
    const names = new Set([
      ...Object.keys(old.variables),
      ...Object.keys(container.variables),
    ]);
    const changed = [...names].filter(
      key => old.variables[key] !== container.variables[key],
    );
    if (changed.length > 0) {
      // Only names: a value may be something nobody should read here.
      lines.push(`Variables of ${name}: ${changed.sort().join(', ')}`);
    }
  }
  for (const name of Object.keys(before?.containers ?? {})) {
    if (!after || !Object.hasOwn(after.containers, name)) {
      lines.push(`Container ${name} removed`);
    }
  }
  for (const { action, name, type } of resources) {
    if (action !== 'keep') {
      lines.push(`Resource ${name} (${type}): ${action}`);
    }
  }
  return lines.length > MAX_LINES
    ? [...lines.slice(0, MAX_LINES), `${lines.length - MAX_LINES} more changes`]
    : lines;
}
