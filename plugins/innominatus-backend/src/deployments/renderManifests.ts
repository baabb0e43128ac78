import {
  Environment,
  JsonObject,
  JsonValue,
  KNOWN_AFTER_APPLY,
  ProviderResourceType,
  RenderedWorkload,
  Workload,
  fillProviderTemplate,
  renderWorkload,
  resourceSlug,
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
}

/** Renders the workload together with what its providers add. */
export function renderManifests(options: {
  workload: Workload;
  environment: Environment;
  resources: RenderedResource[];
}): RenderedWorkload {
  const { workload, environment, resources } = options;
  const input = environmentInput(environment);
  return renderWorkload({
    workload,
    environment: environment.name,
    namespace:
      environment.target.type === 'kubernetes'
        ? environment.target.namespace
        : undefined,
    resources: Object.fromEntries(
      resources.map(resource => [resource.name, { outputs: resource.outputs }]),
    ),
    extraManifests: resources.flatMap(resource =>
      (resource.resourceType?.manifests ?? []).map(
        manifest =>
          fillProviderTemplate(manifest, {
            params: resource.params,
            outputs: resource.outputs ?? unknownOutputs(resource),
            resource: {
              name: resource.name,
              type: resource.type,
              class: resource.class,
              id: resource.id ?? '',
              uid: resource.uid,
              slug: resourceSlug(resource.uid),
              guid: resource.guid ?? KNOWN_AFTER_APPLY,
            },
            metadata: workload.metadata,
            environment: input,
          }) as JsonObject,
      ),
    ),
  });
}

function unknownOutputs(resource: RenderedResource): JsonObject {
  return Object.fromEntries(
    (resource.resourceType?.outputs ?? []).map(output => [
      output.name,
      KNOWN_AFTER_APPLY,
    ]),
  );
}
