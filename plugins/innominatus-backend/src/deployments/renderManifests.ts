import {
  Diagnostic,
  Environment,
  InterpolationError,
  JsonObject,
  JsonValue,
  KNOWN_AFTER_APPLY,
  ProviderResourceType,
  ProviderTemplateScope,
  RenderedWorkload,
  Workload,
  fillProviderTemplate,
  renderWorkload,
  resourceSlug,
  toJsonPointer,
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
  const problems: Diagnostic[] = [];
  const extraManifests = resources.flatMap(resource =>
    (resource.resourceType?.manifests ?? []).flatMap(template => {
      try {
        const scope = scopeOf(resource, { workload, environment });
        return [fillProviderTemplate(template, scope) as JsonObject];
      } catch (error) {
        if (!(error instanceof InterpolationError)) {
          throw error;
        }
        problems.push(templateProblem(resource, error));
        return [];
      }
    }),
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
    extraManifests,
  });
  return { manifests, diagnostics: [...problems, ...diagnostics] };
}

function scopeOf(
  resource: RenderedResource,
  options: { workload: Workload; environment: Environment },
): ProviderTemplateScope {
  return {
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
    metadata: options.workload.metadata,
    environment: environmentInput(options.environment),
  };
}

function templateProblem(
  { name, type }: RenderedResource,
  error: InterpolationError,
): Diagnostic {
  return {
    severity: 'error',
    code: 'PROVIDER_TEMPLATE_UNRESOLVED',
    message: `A manifest that comes with the resource "${name}" (${type}) cannot be rendered. ${error.message}`,
    pointer: toJsonPointer(['resources', name]),
    line: 1,
    column: 1,
    suggestions: [
      'Give the parameter in the Score spec, or ask the owner of the provider for a default.',
    ],
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
