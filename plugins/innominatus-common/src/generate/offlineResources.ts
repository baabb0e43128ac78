import { fillProviderTemplate } from '../definitions/template';
import { JsonObject, JsonValue } from '../json';
import { providerTemplateScope, ProvidedResource } from '../manifests';
import { shortHash } from '../manifests/shortHash';
import { secretsToMarkers } from '../manifests/TextResolver';
import { withParameterDefaults } from '../definitions/parameterDefaults';
import {
  createPlaceholderResolver,
  PlaceholderError,
  substituteDeep,
} from '../score/placeholders';
import { resourceOrder } from '../score/resourceOrder';
import { Workload, WorkloadResource } from '../score/workload';
import { InterpolationError } from '../workflow/interpolate';
import { OFFLINE_TYPES, offlineTypeOf } from './offlineTypes';
import { PlacedProblems } from './PlacedProblems';
import { OfflineSecrets } from './OfflineSecrets';
import { nearestNames } from '../diagnostics';

export interface OfflineResourcesOptions {
  workload: Workload;
  environment: JsonObject;
  /** Outputs that were given, by uid or name. */
  outputs: JsonObject;
  secrets: OfflineSecrets;
  problems: PlacedProblems;
}

/**
 * Answers what each resource of a workload gives, in the order in which they
 * need each other. Nothing is made: outputs are those that were given, or
 * those the simulator would give, the same at every call.
 */
export function offlineResources(
  options: OfflineResourcesOptions,
): ProvidedResource[] {
  const { workload } = options;
  const done = new Map<string, ProvidedResource>();
  for (const name of resourceOrder(workload).flat()) {
    const resource = provide(workload.resources[name], done, options);
    if (resource) {
      done.set(name, resource);
    }
  }
  return Object.keys(workload.resources).flatMap(name => done.get(name) ?? []);
}

function provide(
  resource: WorkloadResource,
  done: ReadonlyMap<string, ProvidedResource>,
  options: OfflineResourcesOptions,
): ProvidedResource | undefined {
  const { outputs, problems } = options;
  const given = givenOutputs(resource, outputs);
  const type = offlineTypeOf(resource.type);
  if (given === undefined && type === undefined) {
    problems.error({
      code: 'GENERATE_NO_OUTPUTS',
      message: `Nothing is known here of the resource type "${resource.type}", so the outputs of "${resource.name}" have to be given.`,
      path: ['resources', resource.name, 'type'],
      suggestions: [
        `Give them with --outputs, under "${resource.name}" or "${resource.uid}".`,
        ...nearestNames(
          resource.type,
          new Set(OFFLINE_TYPES.map(item => item.type)),
        ).map(name => `Write "${name}", if that is meant.`),
      ],
    });
    return undefined;
  }
  const params = fillParams(resource, done, options);
  if (params === undefined) {
    return undefined;
  }
  const provided: ProvidedResource = {
    name: resource.name,
    type: resource.type,
    class: resource.class,
    uid: resource.uid,
    id: resource.id,
    guid: guidOf(resource.uid),
    params: withParameterDefaults(type?.parameters, params),
    outputs: given ?? {},
    // Who gives the outputs also takes care of what is behind them.
    manifests: given === undefined ? (type?.manifests ?? []) : [],
  };
  const values =
    given ?? (type && simulate(provided, type.values, options)) ?? {};
  return {
    ...provided,
    outputs: options.secrets.hide(provided, values, type?.sensitive),
  };
}

function givenOutputs(
  resource: WorkloadResource,
  outputs: JsonObject,
): JsonObject | undefined {
  const key = [resource.uid, resource.name].find(item =>
    Object.hasOwn(outputs, item),
  );
  return key === undefined ? undefined : (outputs[key] as JsonObject);
}

function fillParams(
  resource: WorkloadResource,
  done: ReadonlyMap<string, ProvidedResource>,
  { workload, problems }: OfflineResourcesOptions,
): JsonObject | undefined {
  try {
    return substituteDeep(
      resource.params,
      createPlaceholderResolver({
        metadata: workload.metadata,
        resources: Object.fromEntries(
          [...done].map(([name, { outputs }]) => [
            name,
            secretsToMarkers(outputs) as JsonObject,
          ]),
        ),
      }),
    );
  } catch (error) {
    if (!(error instanceof PlaceholderError)) {
      throw error;
    }
    problems.error({
      code: 'GENERATE_PARAMS',
      message: `The params of "${resource.name}" cannot be filled: the placeholder "\${${error.ref}}" has no value, ${error.message}.`,
      path: ['resources', resource.name, 'params'],
      suggestions: ['Check the names of the resource and of its output.'],
    });
    return undefined;
  }
}

function simulate(
  resource: ProvidedResource,
  values: JsonValue,
  { workload, environment, problems }: OfflineResourcesOptions,
): JsonObject | undefined {
  try {
    return fillProviderTemplate(
      values,
      providerTemplateScope(resource, { workload, environment }),
    ) as JsonObject;
  } catch (error) {
    if (!(error instanceof InterpolationError)) {
      throw error;
    }
    problems.error({
      code: 'GENERATE_PARAMS',
      message: `The outputs of "${resource.name}" cannot be worked out. ${error.message}`,
      path: ['resources', resource.name],
      suggestions: [
        `Add the param to the resource, or give its outputs with --outputs.`,
      ],
    });
    return undefined;
  }
}

/** Looks like the id that a backend would give, and is the same every time. */
function guidOf(uid: string): string {
  const hash = shortHash(['offline', uid], 32);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(12, 16),
    hash.slice(16, 20),
    hash.slice(20),
  ].join('-');
}
