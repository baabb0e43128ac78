import { JsonObject, JsonValue } from '../json';
import { findPlaceholders } from '../score/placeholders';
import { WorkloadResource } from '../score/workload';
import { compact, sortedEntries } from './compact';
import { RenderedMount } from './files';
import { resourceSlug } from './names';
import { objectHead, RenderContext } from './RenderContext';
import { shortHash } from './shortHash';
import { KNOWN_AFTER_APPLY, KubernetesObject } from './types';

/**
 * The volumes of a container. A resource is one volume of the pod, however
 * many containers mount it.
 */
export function renderVolumes(
  container: string,
  context: RenderContext,
): RenderedMount[] {
  const { volumes } = context.options.workload.containers[container];
  return sortedEntries(volumes).flatMap(([target, volume]) => {
    const path = ['containers', container, 'volumes', target];
    const resource = findResource(volume.source, context);
    if (resource === undefined) {
      context.problems.error({
        code: 'MANIFEST_VOLUME_SOURCE',
        message: `The volume "${target}" of container "${container}" has the source "${volume.source}", which is no resource of this workload.`,
        path: [...path, 'source'],
        suggestions: Object.keys(context.options.workload.resources).map(
          name => `Write "\${resources.${name}}".`,
        ),
      });
      return [];
    }
    const subPath = volume.path?.replace(/^\/+/, '');
    if (subPath?.split('/').includes('..')) {
      context.problems.error({
        code: 'MANIFEST_VOLUME_PATH',
        message: `The path "${volume.path}" of the volume "${target}" leaves the volume.`,
        path: [...path, 'path'],
        suggestions: ['Write a path without "..".'],
      });
      return [];
    }
    const name = `volume-${shortHash([resource.uid])}`;
    const mount = compact({
      name,
      mountPath: target,
      subPath: subPath === '' ? undefined : subPath,
      readOnly: volume.readOnly ? true : undefined,
    });
    return [{ mount, ...renderSource({ name, resource, path, context }) }];
  });
}

function findResource(
  source: string,
  context: RenderContext,
): WorkloadResource | undefined {
  const { resources } = context.options.workload;
  const [placeholder] = findPlaceholders(source);
  const name =
    placeholder?.raw === source &&
    placeholder.parts[0] === 'resources' &&
    placeholder.parts.length === 2
      ? placeholder.parts[1]
      : source;
  return Object.hasOwn(resources, name)
    ? resources[name]
    : Object.values(resources).find(({ uid }) => uid === name);
}

function renderSource(options: {
  name: string;
  resource: WorkloadResource;
  path: string[];
  context: RenderContext;
}): Omit<RenderedMount, 'mount'> {
  const { name, resource, path, context } = options;
  const known = context.options.resources;
  const outputs = Object.hasOwn(known, resource.name)
    ? known[resource.name].outputs
    : undefined;
  if (outputs === undefined) {
    return { volume: { name, source: KNOWN_AFTER_APPLY } };
  }
  if (isObject(outputs.source)) {
    return { volume: { name, ...outputs.source } };
  }
  if (isObject(outputs.claimSpec)) {
    return renderClaim({ name, resource, spec: outputs.claimSpec, context });
  }
  context.problems.error({
    code: 'MANIFEST_VOLUME_OUTPUTS',
    message: `The resource "${resource.name}" is mounted as a volume, but its provider answers neither "source" (a Kubernetes volume source) nor "claimSpec" (the spec of a volume claim).`,
    path: [...path, 'source'],
    suggestions: ['Choose a resource of type "volume".'],
  });
  return {};
}

/**
 * A StatefulSet makes claims itself, one for each replica. A Deployment has
 * no such template, so the claim is delivered beside it.
 */
function renderClaim(options: {
  name: string;
  resource: WorkloadResource;
  spec: JsonObject;
  context: RenderContext;
}): Omit<RenderedMount, 'mount'> {
  const { name, resource, spec, context } = options;
  if (context.kind === 'StatefulSet') {
    return { claimTemplate: { metadata: { name }, spec } };
  }
  const claimName = resourceSlug(resource.uid);
  const object: KubernetesObject = {
    ...objectHead(
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
      claimName,
      context,
    ),
    spec,
  };
  return {
    volume: { name, persistentVolumeClaim: { claimName } },
    object,
  };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
