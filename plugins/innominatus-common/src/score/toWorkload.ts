import { JsonObject } from '../json';
import { resourceUid } from './resourceUid';
import {
  ScoreContainer,
  ScoreDocument,
  Workload,
  WorkloadContainer,
  WorkloadExtensions,
  WorkloadFile,
} from './workload';

/**
 * Brings a checked document into the canonical shape, defaults filled.
 */
export function toWorkload(
  document: ScoreDocument,
  extensions: WorkloadExtensions,
): Workload {
  const { name } = document.metadata;
  return {
    name,
    metadata: document.metadata as JsonObject,
    annotations: { ...document.metadata.annotations },
    containers: mapValues(document.containers, toContainer),
    ports: mapValues(document.service?.ports ?? {}, port => ({
      port: port.port,
      protocol: port.protocol ?? 'TCP',
      targetPort: port.targetPort ?? port.port,
    })),
    resources: mapValues(document.resources ?? {}, (resource, key) => ({
      name: key,
      type: resource.type,
      class: resource.class ?? 'default',
      ...(resource.id === undefined ? {} : { id: resource.id }),
      uid: resourceUid({
        workload: name,
        name: key,
        type: resource.type,
        class: resource.class,
        id: resource.id,
      }),
      metadata: resource.metadata ?? {},
      params: resource.params ?? {},
    })),
    extensions,
  };
}

function toContainer(container: ScoreContainer): WorkloadContainer {
  const { image, command, args, livenessProbe, readinessProbe } = container;
  return {
    image,
    ...(command ? { command } : {}),
    ...(args ? { args } : {}),
    variables: { ...container.variables },
    files: mapValues(container.files ?? {}, (file): WorkloadFile => ({
      ...file,
      noExpand: file.noExpand ?? false,
    })),
    volumes: mapValues(container.volumes ?? {}, volume => ({
      ...volume,
      readOnly: volume.readOnly ?? false,
    })),
    resources: {
      limits: { ...container.resources?.limits },
      requests: { ...container.resources?.requests },
    },
    ...(livenessProbe ? { livenessProbe } : {}),
    ...(readinessProbe ? { readinessProbe } : {}),
    before: { ...container.before },
  };
}

function mapValues<T, R>(
  values: Record<string, T>,
  map: (value: T, key: string) => R,
): Record<string, R> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, map(value, key)]),
  );
}
