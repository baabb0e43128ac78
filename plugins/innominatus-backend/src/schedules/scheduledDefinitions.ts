import { DefinitionRegistry } from '../definitions';
import { ScheduledDefinition } from './types';

/** Everything that has a schedule; a golden path goes before a workflow of its name. */
export function scheduledDefinitions(
  registry: Pick<DefinitionRegistry, 'goldenPaths' | 'workflows'>,
): ScheduledDefinition[] {
  const found = new Map<string, ScheduledDefinition>();
  for (const { name, schedule, definition, ...rest } of registry.workflows()) {
    if (schedule) {
      const { title, owner, category, source, parameters } = rest;
      found.set(name, {
        name,
        kind: 'Workflow',
        title,
        owner,
        category,
        source,
        schedule,
        parameters,
        workflow: definition,
      });
    }
  }
  for (const goldenPath of registry.goldenPaths()) {
    const { metadata, schedule, workflow, parameters, source } = goldenPath;
    if (schedule) {
      const { name, title, owner, category } = metadata;
      found.set(name, {
        name,
        kind: 'GoldenPath',
        title,
        owner,
        category,
        source,
        schedule,
        parameters,
        workflow,
      });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
