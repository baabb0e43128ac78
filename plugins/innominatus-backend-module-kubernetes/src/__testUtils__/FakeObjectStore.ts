interface Cause {
  reason: string;
  message: string;
  field: string;
}

/** An answer that is no success. */
export class StatusError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly causes: Cause[];

  constructor(
    status: number,
    reason: string,
    message: string,
    causes: Cause[] = [],
  ) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.causes = causes;
  }
}

type Json = Record<string, any>;

interface Stored {
  object: Json;
  /** Manager by path of the field. */
  owners: Map<string, string>;
}

/**
 * The objects of a {@link FakeApiServer}. Keys are `group|namespace|resource/name`.
 * Deployments get one pod, and their status follows it, as a controller does.
 */
export class FakeObjectStore {
  readonly #objects = new Map<string, Stored>();
  #version = 0;

  constructor() {
    this.#put('/api/v1||namespaces/default', { metadata: { name: 'default' } });
  }

  apply(
    key: string,
    body: Json,
    options: { manager: string; force: boolean; dryRun?: boolean },
  ): [number, Json] {
    this.#requireNamespace(key);
    const current = this.#objects.get(key);
    const owners = new Map(current?.owners);
    const fields = leaves({ ...body, metadata: undefined });
    const causes: Cause[] = [];
    for (const [path, value] of fields) {
      const owner = owners.get(path);
      const differs = at(current?.object, path) !== value;
      if (owner && owner !== options.manager && differs && !options.force) {
        causes.push({
          reason: 'FieldManagerConflict',
          message: `conflict with "${owner}" using ${body.apiVersion}`,
          field: path,
        });
      }
    }
    if (causes.length > 0) {
      throw new StatusError(409, 'Conflict', 'Apply failed', causes);
    }
    validate(body);
    const base = structuredClone(current?.object ?? {});
    const named = new Set(fields.map(([path]) => path));
    for (const [path, owner] of owners) {
      if (owner === options.manager && !named.has(path)) {
        owners.delete(path);
        remove(base, path);
      }
    }
    for (const path of named) {
      owners.set(path, options.manager);
    }
    if (options.dryRun) {
      const would = merge(base, body);
      return [current ? 200 : 201, would];
    }
    const object = this.#put(key, merge(base, body), owners);
    this.#control(key);
    return [current ? 200 : 201, object];
  }

  create(key: string, body: Json): Json {
    const named = key.replace(/\|([^|/]*)\/+([^/]*)$/, '|$1/$2');
    this.#requireNamespace(named);
    if (this.#objects.has(named)) {
      throw new StatusError(409, 'AlreadyExists', 'already exists');
    }
    return this.#put(named, body);
  }

  read(key: string): Json {
    const stored = this.#objects.get(key);
    if (stored === undefined) {
      throw new StatusError(404, 'NotFound', `${key} not found`);
    }
    return stored.object;
  }

  list(key: string, query: URLSearchParams): Json[] {
    const labels = (query.get('labelSelector') ?? '')
      .split(',')
      .filter(Boolean)
      .map(pair => pair.split('='));
    return [...this.#objects]
      .filter(([name]) => name.startsWith(`${key.replace(/\|$/, '')}/`))
      .map(([, { object }]) => object)
      .filter(object =>
        labels.every(
          ([name, value]) => object.metadata.labels?.[name] === value,
        ),
      );
  }

  delete(key: string): Json {
    const object = this.read(key);
    this.#objects.delete(key);
    for (const name of [...this.#objects.keys()]) {
      if (name === podKey(key, object)) {
        this.#objects.delete(name);
      }
    }
    return object;
  }

  patchStatus(key: string, status: Json): Json {
    const object = this.read(key);
    object.status = merge(object.status ?? {}, status);
    for (const name of [...this.#objects.keys()]) {
      this.#control(name);
    }
    return object;
  }

  #put(key: string, object: Json, owners = new Map<string, string>()): Json {
    this.#version += 1;
    const [, namespace] = key.split('|');
    const stored = {
      ...object,
      metadata: {
        ...object.metadata,
        ...(namespace ? { namespace } : {}),
        uid: `uid-${this.#version}`,
        generation: 1,
        resourceVersion: String(this.#version),
      },
    };
    this.#objects.set(key, { object: stored, owners });
    return stored;
  }

  #requireNamespace(key: string): void {
    const [, namespace] = key.split('|');
    if (namespace && !this.#objects.has(`/api/v1||namespaces/${namespace}`)) {
      throw new StatusError(
        404,
        'NotFound',
        `namespaces "${namespace}" not found`,
      );
    }
  }

  #control(key: string): void {
    const deployment = this.#objects.get(key)?.object;
    if (!key.includes('|deployments/') || deployment === undefined) {
      return;
    }
    const pods = podKey(key, deployment);
    const image = deployment.spec.template.spec.containers[0].image;
    const pod = this.#objects.get(pods)?.object;
    if (pod?.spec.containers[0].image !== image) {
      this.#put(pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: `${deployment.metadata.name}-pod`,
          labels: deployment.spec.template.metadata.labels,
        },
        spec: deployment.spec.template.spec,
        status: { phase: 'Pending' },
      });
    }
    const conditions: Json[] =
      this.#objects.get(pods)?.object.status.conditions ?? [];
    const ready = conditions.some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    );
    deployment.status = {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      ...(ready ? { readyReplicas: 1, availableReplicas: 1 } : {}),
    };
  }
}

function podKey(key: string, object: Json): string {
  return `/api/v1|${key.split('|')[1]}|pods/${object.metadata.name}-pod`;
}

function validate(body: Json): void {
  if (body.kind === 'Deployment' && body.spec?.replicas < 0) {
    const field = 'spec.replicas';
    throw new StatusError(
      422,
      'Invalid',
      `Deployment.apps "${body.metadata.name}" is invalid: ${field}: Invalid value: -1: must be greater than or equal to 0`,
      [{ reason: 'FieldValueInvalid', message: 'must not be negative', field }],
    );
  }
}

/** The fields of an object with their values; lists count as one field. */
function leaves(value: Json, path = ''): Array<[string, unknown]> {
  return Object.entries(value).flatMap(([key, child]) => {
    if (child === undefined || ['apiVersion', 'kind'].includes(key)) {
      return [];
    }
    return typeof child === 'object' && child !== null && !Array.isArray(child)
      ? leaves(child, `${path}.${key}`)
      : [
          [
            `${path}.${key}`,
            Array.isArray(child) ? JSON.stringify(child) : child,
          ],
        ];
  });
}

function at(object: Json | undefined, path: string): unknown {
  const value = path
    .split('.')
    .slice(1)
    .reduce<any>((current, key) => current?.[key], object);
  return Array.isArray(value) ? JSON.stringify(value) : value;
}

function remove(object: Json, path: string): void {
  const keys = path.split('.').slice(1);
  const last = keys.pop() ?? '';
  const parent = keys.reduce<any>((current, key) => current?.[key], object);
  delete parent?.[last];
}

function merge(target: Json, source: Json): Json {
  const result: Json = { ...target };
  for (const [key, value] of Object.entries(source)) {
    const mergeable = [result[key], value].every(
      part => typeof part === 'object' && part !== null && !Array.isArray(part),
    );
    result[key] = mergeable ? merge(result[key], value) : value;
  }
  return result;
}
