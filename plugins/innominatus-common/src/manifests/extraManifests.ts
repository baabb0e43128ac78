import { JsonObject, JsonValue } from '../json';
import { containsSecretToken } from '../workflow/secretToken';
import { nameIngressPorts } from './ingressPorts';
import { isClusterKind } from './order';
import { RenderContext } from './RenderContext';
import { secretsToMarkers } from './TextResolver';
import { KubernetesMetadata, KubernetesObject } from './types';

/**
 * The objects that providers deliver together with the workload: labelled as
 * its own, and put into its namespace unless they name one.
 */
export function adoptManifests(context: RenderContext): KubernetesObject[] {
  return (context.options.extraManifests ?? []).flatMap(manifest => {
    const { apiVersion, kind, metadata, ...rest } = secretsToMarkers(
      nameIngressPorts(manifest),
    ) as JsonObject;
    if (
      typeof apiVersion !== 'string' ||
      typeof kind !== 'string' ||
      !isMetadata(metadata)
    ) {
      context.problems.error({
        code: 'MANIFEST_INVALID',
        message:
          'A provider delivers a manifest without apiVersion, kind or metadata.name.',
        path: ['resources'],
      });
      return [];
    }
    const { name, namespace, labels, ...others } = metadata;
    const inNamespace = isClusterKind(kind)
      ? undefined
      : (namespace ?? context.options.namespace);
    const object: KubernetesObject = {
      apiVersion,
      kind,
      metadata: {
        name,
        ...(inNamespace === undefined ? {} : { namespace: inNamespace }),
        labels: { ...context.labels, ...labels },
        ...others,
      },
      ...rest,
    };
    checkSecrets(object, context);
    return [object];
  });
}

function isMetadata(value: JsonValue | undefined): value is KubernetesMetadata {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    typeof value.name === 'string' &&
    value.name !== ''
  );
}

/** Secrets may only stand where the cluster keeps secrets. */
function checkSecrets(object: KubernetesObject, context: RenderContext): void {
  const { stringData, ...rest } = object;
  const checked = object.kind === 'Secret' ? rest : object;
  if (containsSecretToken(JSON.stringify(checked))) {
    context.problems.error({
      code: 'MANIFEST_SECRET_EXPOSED',
      message: `The manifest ${object.kind} "${object.metadata.name}" of a provider holds a secret outside of the stringData of a Secret.`,
      path: ['resources'],
      suggestions: [
        'Put the value into a Secret and refer to that with secretKeyRef.',
      ],
    });
  }
}
