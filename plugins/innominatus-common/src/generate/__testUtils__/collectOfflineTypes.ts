import { Definitions, LoadedWorkflow, matchProvider } from '../../definitions';
import { ProviderResourceType } from '../../definitions/types';
import { JsonObject, JsonValue } from '../../json';
import { OfflineResourceType } from '../offlineTypes';

const CLUSTER = {
  name: 'development',
  type: 'development',
  target: { type: 'folder' },
} as const;
const SIMULATOR = { ...CLUSTER, target: { type: 'simulate' } } as const;

/**
 * Boils providers down to what can be said of their resources without running
 * anything: outputs and manifests as templates. A workflow counts when its
 * outputs are those of a `simulate` step.
 */
export function collectOfflineTypes(
  definitions: Pick<Definitions, 'providers' | 'workflows'>,
): OfflineResourceType[] {
  const { providers, workflows } = definitions;
  const types = providers.flatMap(provider =>
    provider.resourceTypes.map(({ type }) => type),
  );
  return [...new Set(types)].sort().flatMap(type => {
    const find = (environment: typeof CLUSTER | typeof SIMULATOR) =>
      matchProvider({
        resource: { type, class: 'default' },
        environment,
        providers,
      });
    // What the cluster itself offers counts before what is only pretended.
    const found = find(CLUSTER);
    const match = found.kind === 'match' ? found : find(SIMULATOR);
    return match.kind === 'match'
      ? [toOfflineType(match.resourceType, workflows)]
      : [];
  });
}

function toOfflineType(
  resourceType: ProviderResourceType,
  workflows: LoadedWorkflow[],
): OfflineResourceType {
  const { type, aliases, parameters, outputs, manifests } = resourceType;
  const { workflow, values } = resourceType.operations.create;
  return {
    type,
    aliases,
    parameters: parameters ?? {},
    sensitive: outputs.filter(item => item.sensitive).map(item => item.name),
    values: workflow ? simulatedValues(workflow, workflows) : (values ?? {}),
    manifests,
  };
}

function simulatedValues(
  name: string,
  workflows: LoadedWorkflow[],
): JsonObject {
  const definition = workflows.find(item => item.name === name)?.definition;
  if (!definition) {
    throw new Error(`There is no workflow "${name}"`);
  }
  return Object.fromEntries(
    Object.entries(definition.outputs).map(([output, template]) => {
      const [, stepName, key] =
        /^\$\{(?:steps\.)?([\w-]+)(?:\.outputs)?\.([\w-]+)\}$/.exec(
          String(template),
        ) ?? [];
      const step = definition.steps.find(item => item.name === stepName);
      const values = step?.config.outputs as JsonObject | undefined;
      if (step?.type !== 'simulate' || values?.[key] === undefined) {
        throw new Error(
          `The output "${output}" of the workflow "${name}" is not what a "simulate" step gives`,
        );
      }
      return [output, asProviderTemplate(values[key])];
    }),
  );
}

/** A workflow finds the resource among its parameters, a template beside them. */
function asProviderTemplate(value: JsonValue): JsonValue {
  return typeof value === 'string'
    ? value.replaceAll('${params.resource.', '${resource.')
    : value;
}
