import { JsonObject, JsonValue } from '../json';
import { workloadServiceName } from '../manifests/service';
import { interpolate } from '../workflow/interpolate';

/** First words that references in a provider's templates may begin with. */
export const TEMPLATE_ROOTS: string[] = [
  'params',
  'outputs',
  'resource',
  'metadata',
  'workload',
  'environment',
];

/**
 * Who a resource is, as templates and provider workflows see it.
 *
 * @public
 */
export type ResourceIdentity = {
  name: string;
  type: string;
  class: string;
  id: string;
  uid: string;
  /** Name that fits Kubernetes. */
  slug: string;
  /** Id of the resource in innominatus; never used again for another one. */
  guid: string;
};

/**
 * What templates of a provider can name.
 *
 * @public
 */
export interface ProviderTemplateScope {
  params: JsonObject;
  /** Secrets as references. */
  outputs: JsonObject;
  resource: ResourceIdentity;
  /** `metadata` of the workload. */
  metadata: JsonObject;
  environment: JsonObject;
}

/**
 * Fills a template of a provider: outputs, hints or manifests. Throws an
 * `InterpolationError` that names the reference and the names that exist.
 *
 * @public
 */
export function fillProviderTemplate(
  template: JsonValue,
  scope: ProviderTemplateScope,
): JsonValue {
  return interpolate(template, {
    // Looked up first, so that a parameter called `outputs` hides nothing.
    env: {
      outputs: scope.outputs,
      resource: scope.resource,
      workload: workloadNames(scope.metadata),
    },
    params: scope.params,
    variables: {},
    workflow: {},
    steps: {},
    resources: {},
    metadata: scope.metadata,
    environment: scope.environment,
  });
}

/** Names under which a cluster knows the workload. */
function workloadNames(metadata: JsonObject): JsonObject {
  const name = String(metadata.name ?? '');
  const annotations = (metadata.annotations ?? {}) as Record<string, string>;
  return { name, service: workloadServiceName({ name, annotations }) };
}
