import {
  JsonObject,
  KubernetesObject,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { ApiRequest, ApiTransport, ApiTransportOptions } from './ApiTransport';
import { ApiStatus, toStepFailure } from './errors';

/** Name under which the server records the fields that were applied. */
export const FIELD_MANAGER = 'innominatus';

/** Enough of an object to find it. */
export type ObjectReference = Pick<
  KubernetesObject,
  'apiVersion' | 'kind' | 'metadata'
>;

/** An object as the server answers it. */
export type LiveObject = KubernetesObject & {
  spec?: JsonObject;
  status?: JsonObject;
};

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
}

export interface ListOptions {
  apiVersion: string;
  kind: string;
  namespace: string;
  labelSelector?: string;
  fieldSelector?: string;
  limit: number;
}

/** The verbs that steps need, for objects of any kind. */
export class ClusterClient {
  readonly name: string;
  readonly #transport: ApiTransport;
  readonly #resources = new Map<string, ApiResource[]>();

  static create(options: ApiTransportOptions): ClusterClient {
    return new ClusterClient(options.cluster, ApiTransport.create(options));
  }

  private constructor(name: string, transport: ApiTransport) {
    this.name = name;
    this.#transport = transport;
  }

  /**
   * Server-side apply. A field that the server does not know is an error, not
   * something to drop.
   */
  async apply(
    object: KubernetesObject,
    options: {
      force: boolean;
      fieldManager?: string;
      /** Only answers what would come of it. */
      dryRun?: boolean;
    },
  ): Promise<{ object: LiveObject; created: boolean }> {
    const path = await this.#path(object);
    const { namespaced } = await this.#resource(object);
    const { namespace, ...metadata } = object.metadata;
    const { status, body } = await this.#send(object, {
      method: 'PATCH',
      path,
      query: {
        fieldManager: options.fieldManager ?? FIELD_MANAGER,
        force: String(options.force),
        fieldValidation: 'Strict',
        ...(options.dryRun ? { dryRun: 'All' } : {}),
      },
      contentType: 'application/apply-patch+yaml',
      body: {
        ...object,
        metadata: namespaced ? { ...metadata, namespace } : metadata,
      },
    });
    return { object: body as LiveObject, created: status === 201 };
  }

  async create(object: KubernetesObject): Promise<LiveObject> {
    const path = await this.#path(object);
    const { body } = await this.#send(object, {
      method: 'POST',
      path: path.slice(0, path.lastIndexOf('/')),
      query: { fieldManager: FIELD_MANAGER },
      body: object,
    });
    return body as LiveObject;
  }

  async read(reference: ObjectReference): Promise<LiveObject | undefined> {
    const { status, body } = await this.#send(
      reference,
      { method: 'GET', path: await this.#path(reference) },
      [404],
    );
    return status === 404 ? undefined : (body as LiveObject);
  }

  /**
   * Answers `false` when there is nothing to delete. With preconditions an
   * object that is another one by then is a conflict.
   */
  async delete(
    reference: ObjectReference,
    preconditions?: { uid: string; resourceVersion: string },
  ): Promise<boolean> {
    const { status } = await this.#send(
      reference,
      {
        method: 'DELETE',
        path: await this.#path(reference),
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          propagationPolicy: 'Background',
          preconditions,
        },
      },
      [404],
    );
    return status !== 404;
  }

  async list(options: ListOptions): Promise<LiveObject[]> {
    const { apiVersion, kind, namespace } = options;
    const subject = { apiVersion, kind, metadata: { name: '', namespace } };
    const { name } = await this.#resource(subject);
    const { body } = await this.#send(subject, {
      method: 'GET',
      path: `${groupPath(apiVersion)}/namespaces/${encodeURIComponent(namespace)}/${name}`,
      query: {
        labelSelector: options.labelSelector,
        fieldSelector: options.fieldSelector,
        limit: String(options.limit),
      },
    });
    return ((body as { items?: LiveObject[] }).items ?? []) as LiveObject[];
  }

  /** Whether the server knows the kind; asks again if it did not before. */
  async knows(type: { apiVersion: string; kind: string }): Promise<boolean> {
    const known = await this.#discover(type.apiVersion, type.kind);
    return known.some(({ kind }) => kind === type.kind);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #path(reference: ObjectReference): Promise<string> {
    const { name, namespaced } = await this.#resource(reference);
    const { metadata, apiVersion } = reference;
    const place = namespaced
      ? `/namespaces/${encodeURIComponent(metadata.namespace ?? 'default')}`
      : '';
    return `${groupPath(apiVersion)}${place}/${name}/${encodeURIComponent(metadata.name)}`;
  }

  async #resource(reference: ObjectReference): Promise<ApiResource> {
    const { apiVersion, kind } = reference;
    const resources = await this.#discover(apiVersion, kind);
    const resource = resources.find(known => known.kind === kind);
    if (resource === undefined) {
      throw new StepFailure(
        `The cluster "${this.name}" does not know objects of the kind "${kind}" in "${apiVersion}". Install what brings the kind, or use a version that the cluster has.`,
        { code: 'KUBERNETES_KIND_UNKNOWN' },
      );
    }
    return resource;
  }

  async #discover(apiVersion: string, kind: string): Promise<ApiResource[]> {
    const cached = this.#resources.get(apiVersion);
    if (cached?.some(resource => resource.kind === kind)) {
      return cached;
    }
    const subject = { apiVersion, kind, metadata: { name: '' } };
    const { status, body } = await this.#send(
      subject,
      { method: 'GET', path: groupPath(apiVersion) },
      [404],
    );
    const { resources = [] } = (status === 404 ? {} : body) as {
      resources?: ApiResource[];
    };
    const own = resources.filter(({ name }) => !name.includes('/'));
    this.#resources.set(apiVersion, own);
    return own;
  }

  async #send(
    reference: ObjectReference,
    request: ApiRequest,
    accepted: number[] = [],
  ): Promise<{ status: number; body: unknown }> {
    const response = await this.#transport.send(request);
    const success = response.status >= 200 && response.status < 300;
    if (success || accepted.includes(response.status)) {
      return response;
    }
    throw toStepFailure(response.status, response.body as ApiStatus, {
      cluster: this.name,
      object: describe(reference),
      confidential: reference.kind === 'Secret',
    });
  }
}

/** Names an object in a sentence. */
export function describe(reference: ObjectReference): string {
  const { kind, metadata } = reference;
  const name = metadata.name === '' ? kind : `${kind} "${metadata.name}"`;
  return metadata.namespace === undefined
    ? name
    : `${name} in namespace "${metadata.namespace}"`;
}

function groupPath(apiVersion: string): string {
  const path = apiVersion.split('/').map(encodeURIComponent).join('/');
  return apiVersion.includes('/') ? `/apis/${path}` : `/api/${path}`;
}
