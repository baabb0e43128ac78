import {
  identityOf,
  JsonValue,
  KubernetesObject,
  sortManifests,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import {
  describe,
  LiveObject,
  ObjectReference,
} from '../cluster/ClusterClient';
import { UndoRecord } from '../undo/UndoRecord';
import { readKept } from './readStepManifests';
import { OperationContext } from './types';

const INSTANCE = 'app.kubernetes.io/instance';
const MANAGED_BY = 'app.kubernetes.io/managed-by';
const KEY = 'objects';
const MAX_OBJECTS = 1_000;

/**
 * Remembers in the cluster what an application has there, in a ConfigMap, so
 * that objects which are no longer delivered can be removed.
 *
 * What is about to be applied is added before, and what is gone is taken out
 * after: at no moment does the cluster hold an object of ours that is not
 * listed. Whoever may write to the namespace can change the list; so nothing
 * is removed because of the list alone, the object itself has to lie in the
 * same namespace and to carry the labels of the application.
 */
export class Inventory {
  readonly #context: OperationContext;
  readonly #instance: string;
  readonly #reference: KubernetesObject;
  #listed: ObjectReference[];

  /** Answers `undefined` when there is no application, or no right to keep one. */
  static async open(
    context: OperationContext,
    manifests: readonly KubernetesObject[],
  ): Promise<Inventory | undefined> {
    const { step, client, namespace } = context;
    const instance = instanceOf(manifests);
    if (!step.config.prune || !step.application || instance === undefined) {
      return undefined;
    }
    const reference: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: `innominatus-inventory-${instance.toLowerCase().replace(/[^a-z0-9.-]+/g, '-')}`,
        namespace,
        labels: { [INSTANCE]: instance, [MANAGED_BY]: 'innominatus' },
      },
    };
    try {
      const live = await client.read(reference);
      return new Inventory(
        context,
        instance,
        reference,
        readList(live?.data, namespace),
      );
    } catch (error) {
      if (
        error instanceof StepFailure &&
        error.code === 'KUBERNETES_FORBIDDEN'
      ) {
        step.log.warn(
          'The credentials do not allow to read ConfigMaps, so objects that are no longer needed are not removed.',
        );
        return undefined;
      }
      throw error;
    }
  }

  private constructor(
    context: OperationContext,
    instance: string,
    reference: KubernetesObject,
    listed: ObjectReference[],
  ) {
    this.#context = context;
    this.#instance = instance;
    this.#reference = reference;
    this.#listed = listed;
  }

  /** Adds objects that are about to be applied. */
  async add(manifests: readonly KubernetesObject[]): Promise<void> {
    await this.#write([...this.#listed, ...manifests]);
  }

  /** Lists what came back, and no longer what is gone. */
  async change(change: {
    back?: readonly ObjectReference[];
    gone?: readonly ObjectReference[];
  }): Promise<void> {
    const gone = new Set((change.gone ?? []).map(identityOf));
    await this.#write([
      ...this.#listed.filter(reference => !gone.has(identityOf(reference))),
      ...(change.back ?? []),
    ]);
  }

  /**
   * Removes what is listed and no longer delivered. Answers their names. What
   * other applications need stays, and is not listed as ours any more.
   */
  async prune(
    manifests: readonly KubernetesObject[],
    record?: UndoRecord,
  ): Promise<string[]> {
    const { client, step } = this.#context;
    const shared = new Set((await readKept(this.#context)).map(identityOf));
    const kept = new Set([...manifests.map(identityOf), ...shared]);
    const removed: string[] = [];
    for (const reference of this.#listed) {
      if (shared.has(identityOf(reference))) {
        step.log.info(
          `${describe(reference)} stays: other applications use it.`,
        );
      }
    }
    const obsolete = this.#listed.filter(
      reference => !kept.has(identityOf(reference)),
    );
    for (const reference of sortManifests(obsolete).reverse()) {
      const live = await this.#readOurs(reference);
      if (live) {
        await record?.prune(reference, live);
        await record?.write();
        await client.delete(reference);
        step.log.info(
          `Deleted ${describe(reference)}, which is no longer delivered.`,
        );
        removed.push(`${reference.kind}/${reference.metadata.name}`);
      }
    }
    await this.#write(manifests);
    return removed;
  }

  async #readOurs(reference: ObjectReference): Promise<LiveObject | undefined> {
    const { client } = this.#context;
    const live = (await client.knows(reference))
      ? await client.read(reference)
      : undefined;
    const labels = live?.metadata.labels;
    const isOurs =
      labels?.[INSTANCE] === this.#instance &&
      labels?.[MANAGED_BY] === 'innominatus';
    return isOurs ? live : undefined;
  }

  async #write(objects: readonly ObjectReference[]): Promise<void> {
    const { client, namespace } = this.#context;
    const byIdentity = new Map(
      objects
        .filter(({ metadata }) => metadata.namespace === namespace)
        .map(object => [identityOf(object), toReference(object)]),
    );
    this.#listed = [...byIdentity.values()];
    if (this.#listed.length === 0) {
      await client.delete(this.#reference);
      return;
    }
    await client.apply(
      { ...this.#reference, data: { [KEY]: JSON.stringify(this.#listed) } },
      { force: true },
    );
  }
}

/** The instance that the manifests belong to, if they agree on one. */
function instanceOf(
  manifests: readonly KubernetesObject[],
): string | undefined {
  const instances = new Set(
    manifests
      .map(({ metadata }) => metadata.labels)
      .filter(labels => labels?.[MANAGED_BY] === 'innominatus')
      .map(labels => labels?.[INSTANCE]),
  );
  const [instance] = instances;
  return instances.size === 1 ? instance : undefined;
}

function toReference(object: ObjectReference): ObjectReference {
  const { name, namespace } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  };
}

/** Reads the list like anything else that others can write. */
function readList(
  data: JsonValue | undefined,
  namespace: string,
): ObjectReference[] {
  const text = (data as Record<string, unknown> | undefined)?.[KEY];
  let list: unknown;
  try {
    list = typeof text === 'string' ? JSON.parse(text) : [];
  } catch {
    list = [];
  }
  return (Array.isArray(list) ? list : [])
    .slice(0, MAX_OBJECTS)
    .filter(
      (item): item is ObjectReference =>
        typeof item?.apiVersion === 'string' &&
        typeof item?.kind === 'string' &&
        typeof item?.metadata?.name === 'string' &&
        item.metadata.namespace === namespace,
    )
    .map(toReference);
}
