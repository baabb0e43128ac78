import { nearestNames } from '../diagnostics';

type Scope =
  | 'document'
  | 'service'
  | 'port'
  | 'container'
  | 'file'
  | 'volume'
  | 'probe'
  | 'httpGet'
  | 'resource'
  | 'compute'
  | 'before';

// What people write instead, from other formats and from older versions.
const HINTS: Partial<Record<Scope, Record<string, string>>> = {
  document: {
    kind: 'Delete "kind"; a Score spec has none.',
    spec: 'Score has no "spec"; write "containers", "service" and "resources" at the top level.',
    services: 'Rename "services" to "service"; its ports go under "ports".',
    container: 'Rename "container" to "containers" and give each one a name.',
    workflow: 'Rename "workflow" to "workflows" and give each one a name.',
    dependencies:
      'Delete "dependencies"; they follow from placeholders such as ${resources.db.host}.',
    variables: 'Move "variables" below a container.',
    name: 'Move "name" below "metadata".',
  },
  service: {
    type: 'Delete "type"; how a service is exposed is decided by the platform. Add a resource of type "route" or "dns" to expose it.',
    port: 'Write "ports" with a name for each port.',
  },
  port: {
    nodePort:
      'Delete "nodePort"; add a resource of type "route" to expose the port.',
    name: 'Delete "name"; the key above is the name.',
    containerPort: 'Rename "containerPort" to "targetPort".',
  },
  container: {
    env: 'Rename "env" to "variables" and write a map of name to text.',
    environment: 'Rename "environment" to "variables".',
    cmd: 'Rename "cmd" to "command" and write a list.',
    entrypoint: 'Rename "entrypoint" to "command" and write a list.',
    ports: 'Move ports to "service.ports" at the top level.',
    volumeMounts:
      'Rename "volumeMounts" to "volumes" and write a map of target to details.',
    depends_on: 'Use "before" on the container that has to start first.',
    dependsOn: 'Use "before" on the container that has to start first.',
  },
  file: {
    target: 'Delete "target"; the key above is the target.',
    owner:
      'Delete "owner"; Score knows the "mode" of a file but not its owner.',
  },
  volume: { target: 'Delete "target"; the key above is the target.' },
  probe: {
    tcpSocket: 'Use "exec" with a command that checks the port.',
    initialDelaySeconds:
      'Delete it; Score probes have no delays or thresholds.',
    periodSeconds: 'Delete it; Score probes have no delays or thresholds.',
    timeoutSeconds: 'Delete it; Score probes have no delays or thresholds.',
    failureThreshold: 'Delete it; Score probes have no delays or thresholds.',
    successThreshold: 'Delete it; Score probes have no delays or thresholds.',
  },
  httpGet: {
    headers:
      'Rename "headers" to "httpHeaders" and write a list of name and value.',
  },
  resource: {
    properties:
      'Delete "properties". What a resource gives is declared by its provider; what it takes goes under "params".',
    parameters: 'Rename "parameters" to "params".',
    name: 'Delete "name"; the key above is the name.',
  },
};

/**
 * What a person could do about a key that is not known at a place.
 */
export function hintsForKey(options: {
  key: string;
  path: readonly PropertyKey[];
  known: readonly string[];
}): string[] {
  const { key, known } = options;
  const scope = scopeOf(options.path);
  const hints = scope && HINTS[scope];
  if (hints && Object.hasOwn(hints, key)) {
    return [hints[key]];
  }
  const near = nearestNames(key, known);
  if (near.length > 0) {
    return near.map(name => `Rename "${key}" to "${name}".`);
  }
  return known.length > 0
    ? [`Delete "${key}", or use one of: ${known.join(', ')}.`]
    : [`Delete "${key}".`];
}

function scopeOf(path: readonly PropertyKey[]): Scope | undefined {
  const [root, , key, name, deeper] = path;
  if (root === undefined) {
    return 'document';
  }
  if (root === 'service') {
    return path.length === 1 ? 'service' : 'port';
  }
  if (root === 'resources') {
    return 'resource';
  }
  if (root !== 'containers' || path.length < 2) {
    return undefined;
  }
  switch (key) {
    case undefined:
      return 'container';
    case 'files':
      return 'file';
    case 'volumes':
      return 'volume';
    case 'before':
      return 'before';
    case 'resources':
      return 'compute';
    default:
      return name === 'httpGet' && deeper === undefined ? 'httpGet' : 'probe';
  }
}
