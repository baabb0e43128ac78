import { JsonObject, JsonValue } from '../json';

/**
 * Writes the service ports of an Ingress as Kubernetes wants them.
 *
 * @remarks
 * A `route` of Score takes a port by name or by number, and a template of a
 * provider cannot tell the two apart. So `port: ${params.port}` is accepted in
 * the backend of an Ingress and becomes `port.number` or `port.name`.
 */
export function nameIngressPorts(manifest: JsonObject): JsonObject {
  return manifest.kind === 'Ingress'
    ? (withNamedPorts(manifest) as JsonObject)
    : manifest;
}

function withNamedPorts(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    return value.map(withNamedPorts);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      key === 'service' ? withNamedPort(child) : withNamedPorts(child),
    ]),
  );
}

function withNamedPort(service: JsonValue): JsonValue {
  if (
    typeof service !== 'object' ||
    service === null ||
    Array.isArray(service)
  ) {
    return service;
  }
  const { port } = service;
  if (typeof port === 'number' || (typeof port === 'string' && port !== '')) {
    return { ...service, port: namedPort(port) };
  }
  return service;
}

function namedPort(port: number | string): JsonObject {
  return /^\d+$/.test(String(port))
    ? { number: Number(port) }
    : { name: String(port) };
}
