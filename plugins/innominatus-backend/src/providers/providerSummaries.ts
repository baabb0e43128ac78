import {
  DefinitionProblems,
  ProviderDefinition,
  ProviderSummary,
  RESOURCE_OPERATIONS,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DefinitionRegistry } from '../definitions';

/**
 * All providers by name: those in use with their problems, and those that
 * never were good, so that their team finds out why.
 */
export function providerSummaries(
  registry: DefinitionRegistry,
): ProviderSummary[] {
  const problems = registry
    .problems()
    .filter(problem => problem.kind === 'Provider');
  const inUse = registry
    .providers()
    .map(provider => toSummary(provider, problems, registry));
  const names = new Set(inUse.map(provider => provider.name));
  const broken = new Map<string, ProviderSummary>();
  for (const { name, file, diagnostics } of problems) {
    if (name === undefined || names.has(name)) {
      continue;
    }
    const summary = broken.get(name) ?? {
      name,
      version: '',
      resourceTypes: [],
      source: file,
      state: 'refused' as const,
      problems: [],
    };
    summary.problems.push(...diagnostics);
    broken.set(name, summary);
  }
  return [...inUse, ...broken.values()].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

function toSummary(
  provider: ProviderDefinition,
  problems: DefinitionProblems[],
  registry: DefinitionRegistry,
): ProviderSummary {
  const { name, title, version, owner, description, source } = provider;
  return {
    name,
    title,
    version,
    owner,
    description,
    compatibility: provider.compatibility,
    source,
    state: registry.isLastGood('Provider', name) ? 'lastGood' : 'active',
    resourceTypes: provider.resourceTypes.map(resourceType => ({
      type: resourceType.type,
      class: resourceType.class,
      id: resourceType.id,
      aliases: resourceType.aliases,
      description: resourceType.description,
      environments: resourceType.environments.names,
      environmentTypes: resourceType.environments.types,
      targets: resourceType.environments.targets,
      parameters: resourceType.parameters,
      outputs: resourceType.outputs,
      hints: resourceType.hints,
      operations: RESOURCE_OPERATIONS.filter(operation => {
        const { workflow, values } = resourceType.operations[operation];
        return workflow !== undefined || values !== undefined;
      }),
      workflows: Object.fromEntries(
        RESOURCE_OPERATIONS.flatMap(operation => {
          const { workflow } = resourceType.operations[operation];
          return workflow === undefined ? [] : [[operation, workflow]];
        }),
      ),
    })),
    problems: problems
      .filter(problem => problem.name === name)
      .flatMap(problem => problem.diagnostics),
  };
}
