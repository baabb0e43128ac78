import {
  ProviderDefinition,
  ProviderSummary,
  RESOURCE_OPERATIONS,
  hasErrors,
  managementOf,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DefinitionRegistry } from '../definitions';
import { NamedProblems, problemsByName } from '../definitions/problemsByName';

/**
 * All providers by name: those in use with their problems, and those that
 * never were good, so that their team finds out why.
 */
export function providerSummaries(
  registry: DefinitionRegistry,
): ProviderSummary[] {
  const inUse = registry.providers();
  const problems = problemsByName(registry, { kind: 'Provider', inUse });
  const names = new Set(inUse.map(provider => provider.name));
  const broken = [...problems]
    .filter(
      ([name, { diagnostics }]) => !names.has(name) && hasErrors(diagnostics),
    )
    .map(([name, { file, diagnostics }]) => ({
      name,
      version: '',
      resourceTypes: [],
      source: file,
      state: 'refused' as const,
      problems: diagnostics,
    }));
  return [
    ...inUse.map(provider =>
      toSummary(provider, problems.get(provider.name), registry),
    ),
    ...broken,
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function toSummary(
  provider: ProviderDefinition,
  problems: NamedProblems | undefined,
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
    lastGoodAt: registry.lastGoodAt('Provider', name),
    resourceTypes: provider.resourceTypes.map(resourceType => ({
      type: resourceType.type,
      class: resourceType.class,
      id: resourceType.id,
      aliases: resourceType.aliases,
      description: resourceType.description,
      management: managementOf(resourceType, workflow =>
        registry.workflow(workflow),
      ),
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
    problems: problems?.diagnostics ?? [],
  };
}
