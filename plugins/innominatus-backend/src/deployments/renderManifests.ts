import {
  Environment,
  JsonObject,
  JsonValue,
  KNOWN_AFTER_APPLY,
  ProviderResourceType,
  RenderedWorkload,
  Workload,
  fillProviderManifests,
  renderWorkload,
} from '@innominatus/backstage-plugin-innominatus-common';
import { environmentInput } from '../environments/environmentInput';

/** What is known of a resource when manifests are rendered. */
export interface RenderedResource {
  name: string;
  type: string;
  class: string;
  uid: string;
  id?: string;
  guid?: string;
  params: JsonObject;
  /** Without it the outputs show as known after apply. */
  outputs?: Record<string, JsonValue>;
  resourceType?: ProviderResourceType;
  /** Another application delivers the objects that come with it. */
  deliveredElsewhere?: boolean;
}

/**
 * Renders the workload together with what its providers add. A template that
 * names something that is not there is reported at its resource.
 */
export function renderManifests(options: {
  workload: Workload;
  environment: Environment;
  resources: RenderedResource[];
}): RenderedWorkload {
  const { workload, environment, resources } = options;
  const provided = fillProviderManifests(
    resources.map(resource => ({
      ...resource,
      outputs: resource.outputs ?? unknownOutputs(resource),
      manifests: resource.deliveredElsewhere
        ? []
        : (resource.resourceType?.manifests ?? []),
    })),
    { workload, environment: environmentInput(environment) },
  );
  const { manifests, diagnostics } = renderWorkload({
    workload,
    environment: environment.name,
    namespace:
      environment.target.type === 'kubernetes'
        ? environment.target.namespace
        : undefined,
    resources: Object.fromEntries(
      resources.map(resource => [resource.name, { outputs: resource.outputs }]),
    ),
    extraManifests: provided.manifests,
  });
  return {
    manifests,
    diagnostics: [...provided.diagnostics, ...diagnostics],
  };
}

function unknownOutputs(resource: RenderedResource): JsonObject {
  return Object.fromEntries(
    (resource.resourceType?.outputs ?? []).map(output => [
      output.name,
      KNOWN_AFTER_APPLY,
    ]),
  );
}
