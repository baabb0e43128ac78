import {
  ProviderTemplateScope,
  fillProviderTemplate,
} from '../definitions/template';
import { Diagnostic, toJsonPointer } from '../diagnostics';
import { JsonObject } from '../json';
import { Workload } from '../score/workload';
import { InterpolationError } from '../workflow/interpolate';
import { resourceSlug } from './names';
import { KNOWN_AFTER_APPLY } from './types';

/**
 * A resource and the objects that its provider delivers with the workload.
 *
 * @public
 */
export interface ProvidedResource {
  name: string;
  type: string;
  class: string;
  uid: string;
  id?: string;
  /** Without it the resource does not exist yet. */
  guid?: string;
  params: JsonObject;
  outputs: JsonObject;
  /** Templates of Kubernetes objects. */
  manifests: readonly JsonObject[];
}

/**
 * What the templates of a provider can name for one resource.
 *
 * @public
 */
export function providerTemplateScope(
  resource: Omit<ProvidedResource, 'manifests'>,
  options: { workload: Workload; environment: JsonObject },
): ProviderTemplateScope {
  return {
    params: resource.params,
    outputs: resource.outputs,
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
    environment: options.environment,
  };
}

/**
 * Fills the objects that providers deliver together with a workload. A
 * template that names something that is not there is reported at its resource.
 *
 * @public
 */
export function fillProviderManifests(
  resources: readonly ProvidedResource[],
  options: { workload: Workload; environment: JsonObject },
): { manifests: JsonObject[]; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const manifests = resources.flatMap(resource =>
    resource.manifests.flatMap(template => {
      try {
        const scope = providerTemplateScope(resource, options);
        return [fillProviderTemplate(template, scope) as JsonObject];
      } catch (error) {
        if (!(error instanceof InterpolationError)) {
          throw error;
        }
        diagnostics.push(templateProblem(resource, error));
        return [];
      }
    }),
  );
  return { manifests, diagnostics };
}

function templateProblem(
  { name, type }: ProvidedResource,
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
