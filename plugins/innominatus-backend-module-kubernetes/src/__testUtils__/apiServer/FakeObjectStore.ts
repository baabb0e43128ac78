import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { checkTyped } from './checkTyped';
import { playController, podKey } from './controllers';
import { FieldSet, intersect, isEmpty, subtract } from './fieldSets';
import {
  assign,
  fieldsOfManager,
  fieldsOfOthers,
  findConflicts,
  Manager,
  ManagerName,
  toConflict,
} from './managers';
import { mergeJson, withoutNulls } from './mergeJson';
import { requireSamePlace, requireVersion } from './preconditions';
import { schemaOf } from './schema';
import { StatusError } from './StatusError';
import {
  differencesOf,
  fieldsOf,
  Json,
  mergeValues,
  ownable,
  removeFields,
} from './typedObject';
import { validateObject } from './validateObject';

interface Preconditions {
  uid?: string;
  resourceVersion?: string;
}

/**
 * The objects of a {@link FakeApiServer}. Keys are `group|namespace|resource/name`.
 *
 * Server-side apply goes by the schema of the release: what is no object of the
 * kind is refused, lists are merged by the keys of their items, and who owns
 * which field stands in `managedFields`. Defaults are left out, except what a
 * test would miss: the address of a Service.
 */
export class FakeObjectStore {
  readonly #objects = new Map<string, Json>();
  #version = 0;

  constructor() {
    this.#put('/api/v1||namespaces/default', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'default' },
    });
  }

  apply(
    key: string,
    body: Json,
    options: { manager: string; force: boolean; dryRun?: boolean },
  ): [number, Json] {
    requireSamePlace(key, body);
    this.#requireNamespace(key);
    const current = this.#objects.get(key);
    const schema = schemaOf(body.kind);
    checkTyped(schema, body);
    if (current) {
      requireVersion(key, current, body.metadata.resourceVersion);
    }
    const name = nameOf(options.manager, 'Apply', body);
    const applied = ownable(withoutNulls(body) as Json);
    const fields = fieldsOf(schema, applied);
    const managers: Manager[] = current?.metadata.managedFields ?? [];
    const live = ownable(current ?? {});
    const conflicts = findConflicts(schema, {
      ...{ managers, name, fields, live, applied },
    });
    if (conflicts.length > 0 && !options.force) {
      throw toConflict(conflicts);
    }
    // Of what others own, only what gets another value changes hands.
    const taken = changedOf(schema, {
      before: live,
      after: mergeValues(schema, live, applied) as Json,
      fields: intersect(fields, fieldsOfOthers(managers, name)),
    });
    const dropped = subtract(
      subtract(fieldsOfManager(managers, name), fields),
      fieldsOfOthers(managers, name),
    );
    const kept = isEmpty(dropped)
      ? live
      : ((removeFields(schema, live, dropped) ?? {}) as Json);
    const object = this.#complete(key, {
      current,
      content: mergeValues(schema, kept, applied) as Json,
      identity: body,
      managers: assign(managers, name, { fields, taken }),
    });
    validateObject(schema, object, current);
    const status = current ? 200 : 201;
    if (options.dryRun) {
      return [status, object];
    }
    return [status, this.#write(key, object)];
  }

  create(key: string, body: Json, manager: string): Json {
    const named = key.replace(/\|([^|/]*)\/+([^/]*)$/, '|$1/$2');
    this.#requireNamespace(named);
    if (this.#objects.has(named)) {
      throw new StatusError(
        409,
        'AlreadyExists',
        `${named.split('|')[2].replace('/', ' "')}" already exists`,
      );
    }
    const schema = schemaOf(body.kind);
    const content = ownable(body);
    const object = this.#complete(named, {
      content,
      identity: body,
      managers: assign([], nameOf(manager, 'Update', body), {
        fields: fieldsOf(schema, content),
        taken: {},
      }),
    });
    validateObject(schema, object, undefined);
    return this.#write(named, object);
  }

  /** What editors and tools do that know nothing of server-side apply. */
  mergePatch(key: string, patch: Json, manager: string): Json {
    const current = this.read(key);
    const schema = schemaOf(current.kind);
    const live = ownable(current);
    const content = ownable(mergeJson(current, patch) as Json);
    const changed = changedOf(schema, {
      before: live,
      after: content,
      fields: fieldsOf(schema, content),
    });
    const gone = subtract(fieldsOf(schema, live), fieldsOf(schema, content));
    const managers: Manager[] = current.metadata.managedFields ?? [];
    const name = nameOf(manager, 'Update', current);
    const object = this.#complete(key, {
      current,
      content,
      identity: current,
      managers: assign(
        assign(managers, name, { fields: changed, taken: changed, add: true }),
        name,
        { fields: {}, taken: gone, add: true },
      ),
    });
    validateObject(schema, object, current);
    return this.#write(key, object);
  }

  read(key: string): Json {
    const object = this.#objects.get(key);
    if (object === undefined) {
      const [, , place] = key.split('|');
      throw new StatusError(
        404,
        'NotFound',
        `${place.replace('/', ' "')}" not found`,
      );
    }
    return object;
  }

  list(key: string, query: URLSearchParams): Json[] {
    const labels = (query.get('labelSelector') ?? '')
      .split(',')
      .filter(Boolean)
      .map(pair => pair.split('='));
    return [...this.#objects]
      .filter(([name]) => name.startsWith(`${key.replace(/\|$/, '')}/`))
      .map(([, object]) => object)
      .filter(object =>
        labels.every(
          ([name, value]) => object.metadata.labels?.[name] === value,
        ),
      );
  }

  delete(key: string, preconditions: Preconditions = {}): Json {
    const object = this.read(key);
    const { uid, resourceVersion, name } = object.metadata;
    const said = [
      ['UID', preconditions.uid, uid],
      ['ResourceVersion', preconditions.resourceVersion, resourceVersion],
    ].find(([, wanted, found]) => wanted !== undefined && wanted !== found);
    if (said) {
      throw new StatusError(
        409,
        'Conflict',
        `Operation cannot be fulfilled on ${object.kind} "${name}": the ${said[0]} in the precondition (${said[1]}) does not match the ${said[0]} in record (${said[2]}).`,
      );
    }
    this.#objects.delete(key);
    const isNamespace = key.startsWith('/api/v1||namespaces/');
    for (const other of [...this.#objects.keys()]) {
      if (
        other === podKey(key, object) ||
        (isNamespace && other.split('|')[1] === name)
      ) {
        this.#objects.delete(other);
      }
    }
    return { kind: 'Status', status: 'Success', details: { name, uid } };
  }

  patchStatus(key: string, status: Json): Json {
    const object = this.read(key);
    object.status = mergeJson(object.status ?? {}, status);
    this.#version += 1;
    object.metadata.resourceVersion = String(this.#version);
    for (const name of [...this.#objects.keys()]) {
      this.#control(name);
    }
    return object;
  }

  /** What the server adds to the content of an object. */
  #complete(
    key: string,
    options: {
      current?: Json;
      content: Json;
      identity: Json;
      managers: Manager[];
    },
  ): Json {
    const { current, content, identity, managers } = options;
    const [, namespace] = key.split('|');
    const { metadata, ...rest } = content;
    const { apiVersion, kind } = identity;
    const { uid, generation, creationTimestamp, resourceVersion } =
      current?.metadata ?? {};
    const object: Json = {
      apiVersion,
      kind,
      ...rest,
      metadata: {
        ...metadata,
        name: identity.metadata.name,
        ...(namespace ? { namespace } : {}),
        uid: (current && identity.metadata.uid) || uid || randomUUID(),
        creationTimestamp: creationTimestamp ?? new Date().toISOString(),
        generation: generation ?? 1,
        resourceVersion,
        managedFields: managers,
      },
    };
    if (kind === 'Service' && object.spec && !object.spec.clusterIP) {
      this.#version += 1;
      object.spec = {
        ...object.spec,
        clusterIP:
          current?.spec.clusterIP ?? `10.96.0.${(this.#version % 250) + 1}`,
      };
    }
    return object;
  }

  /** Writing the same changes nothing, not even the version. */
  #write(key: string, object: Json): Json {
    const current = this.#objects.get(key);
    if (current && isDeepStrictEqual(comparable(current), comparable(object))) {
      return current;
    }
    const isNewSpec = current && !isDeepStrictEqual(current.spec, object.spec);
    object.metadata.generation += isNewSpec ? 1 : 0;
    const stored = this.#put(key, object);
    this.#control(key);
    return stored;
  }

  #put(key: string, object: Json): Json {
    this.#version += 1;
    const { status } = this.#objects.get(key) ?? {};
    const stored = {
      ...(status ? { status } : {}),
      ...object,
      metadata: {
        ...object.metadata,
        uid: object.metadata.uid ?? randomUUID(),
        resourceVersion: String(this.#version),
      },
    };
    this.#objects.set(key, stored);
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
    playController(key, {
      get: name => this.#objects.get(name),
      put: (name, object) => this.#put(name, object),
    });
  }
}

/** The fields of a set whose values are others after a change. */
function changedOf(
  schema: ReturnType<typeof schemaOf>,
  options: { before: Json; after: Json; fields: FieldSet },
): FieldSet {
  const { before, after, fields } = options;
  const prune = (
    set: FieldSet,
    wrap: (inner: FieldSet) => FieldSet,
  ): FieldSet =>
    Object.fromEntries(
      Object.entries(set).flatMap(([name, children]) => {
        if (name === '.') {
          return [];
        }
        const leaf = Object.keys(children).every(child => child === '.');
        const kept = leaf
          ? children
          : prune(children, inner => wrap({ [name]: inner }));
        const differs = leaf
          ? differencesOf(schema, {
              left: before,
              right: after,
              fields: wrap({ [name]: {} }),
            }).length > 0
          : !isEmpty(kept);
        return differs ? [[name, kept] as const] : [];
      }),
    );
  return prune(fields, inner => inner);
}

function comparable(object: Json): Json {
  const { status, metadata, ...rest } = object;
  const { resourceVersion, generation, managedFields, ...own } = metadata;
  return {
    ...rest,
    metadata: own,
    managers: managedFields?.map(({ time, ...manager }: Manager) => manager),
  };
}

function nameOf(
  manager: string,
  operation: Manager['operation'],
  { apiVersion }: Json,
): ManagerName {
  return { manager, operation, apiVersion };
}
