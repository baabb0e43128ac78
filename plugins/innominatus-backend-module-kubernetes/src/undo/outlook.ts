import {
  canonicalJson,
  identityOf,
  JsonObject,
  KubernetesObject,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import {
  ClusterClient,
  describe,
  FIELD_MANAGER,
  LiveObject,
} from '../cluster/ClusterClient';
import { clean } from '../operations/inspect';
import { resolveManifestSecrets } from '../operations/readStepManifests';
import { FieldSet, managersOf, pickFields, uniteFields } from './fieldSets';
import { RecordedObject, uidOf, versionOf } from './UndoRecord';

/** What the undo has to do about an object. */
export type Outlook =
  /** It is as it was before the step. */
  | { kind: 'done'; text: string }
  /** It is not taken back, because it is not what the step made of it. */
  | { kind: 'left'; reason: string }
  /** It would have to be taken back, and nobody knows how. */
  | { kind: 'unknown'; reason: string }
  | { kind: 'delete'; live: LiveObject }
  | { kind: 'restore'; object: KubernetesObject };

export interface OutlookContext {
  client: ClusterClient;
  /** What the step applied. */
  manifests: ReadonlyMap<string, KubernetesObject>;
  resolveSecrets: StepContext['resolveSecrets'];
}

/** What lives in them is not the step's. */
const CONTAINERS = ['Namespace', 'CustomResourceDefinition'];
/** They fill in what is left open, for example the volume of a claim. */
const CONTROLLERS =
  /^(?:kube-controller-manager|kube-scheduler|kubelet|cloud-controller-manager)$/;

/** Looks at an object as it is now; changes nothing. */
export async function outlookOf(
  recorded: RecordedObject,
  context: OutlookContext,
): Promise<Outlook> {
  const { client } = context;
  const { reference } = recorded;
  const live = (await client.knows(reference))
    ? await client.read(reference)
    : undefined;
  switch (recorded.before.kind) {
    case 'absent':
      return live
        ? outlookOfCreated(recorded, live, context)
        : { kind: 'done', text: 'is gone already' };
    case 'unknown':
      return { kind: 'unknown', reason: recorded.before.reason };
    default:
      return outlookOfChanged(recorded, live, context);
  }
}

async function outlookOfCreated(
  recorded: RecordedObject,
  live: LiveObject,
  context: OutlookContext,
): Promise<Outlook> {
  if (recorded.uid !== undefined && recorded.uid !== uidOf(live)) {
    return left('it was deleted and made anew since');
  }
  if (CONTAINERS.includes(live.kind)) {
    return left('others may have put something into it');
  }
  const changed =
    (await changeSince(recorded, live, context)) ?? otherAuthor(live);
  return changed === undefined ? { kind: 'delete', live } : left(changed);
}

async function outlookOfChanged(
  recorded: RecordedObject,
  live: LiveObject | undefined,
  context: OutlookContext,
): Promise<Outlook> {
  const { pruned = false, before } = recorded;
  if (before.kind !== 'present') {
    return { kind: 'unknown', reason: 'it is not recorded' };
  }
  if (live === undefined && !pruned) {
    return left('it was deleted since');
  }
  if (live && uidOf(live) !== before.uid && !pruned) {
    return left('it was deleted and made anew since');
  }
  const object = await restoredObject(recorded, live, context);
  if (object === undefined) {
    return {
      kind: 'unknown',
      reason: 'the values that it had are not kept any more',
    };
  }
  if (live === undefined) {
    return { kind: 'restore', object };
  }
  const { object: would } = await context.client.apply(object, {
    force: true,
    dryRun: true,
  });
  if (canonicalJson(clean(would)) === canonicalJson(clean(live))) {
    return { kind: 'done', text: 'is as it was before already' };
  }
  const changed = pruned
    ? 'somebody made it anew since'
    : await changeSince(recorded, live, context);
  return changed === undefined
    ? { kind: 'restore', object: atVersion(object, live) }
    : left(changed);
}

/** Applies only if nobody changes the object between the look and the hand. */
function atVersion(
  object: KubernetesObject,
  live: LiveObject,
): KubernetesObject {
  const metadata = { ...object.metadata, resourceVersion: versionOf(live) };
  return { ...object, metadata };
}

/** Why the object is not what the step made of it; nothing when it is. */
async function changeSince(
  recorded: RecordedObject,
  live: LiveObject,
  { client, manifests, resolveSecrets }: OutlookContext,
): Promise<string | undefined> {
  const manifest = manifests.get(identityOf(recorded.reference));
  if (manifest === undefined) {
    return 'what was applied is not known any more';
  }
  if (Object.keys(ownFields(live)).length === 0) {
    return 'somebody else manages it since';
  }
  const complete = await resolveManifestSecrets(manifest, {
    resolveSecrets,
  }).catch(() => undefined);
  if (complete === undefined) {
    return 'a secret of it is gone, so whether it was changed cannot be seen';
  }
  try {
    const { object } = await client.apply(complete, {
      force: true,
      dryRun: true,
    });
    return canonicalJson(clean(object)) === canonicalJson(clean(live))
      ? undefined
      : 'it was changed since';
  } catch (error) {
    // What it was made of can not be applied to it any more.
    if (error instanceof StepFailure && error.code === 'KUBERNETES_INVALID') {
      return 'it was changed since';
    }
    throw error;
  }
}

/** Somebody who wrote into the object something of their own. */
function otherAuthor(live: LiveObject): string | undefined {
  const other = managersOf(live).find(
    ({ manager, fields }) =>
      manager !== FIELD_MANAGER &&
      !CONTROLLERS.test(manager) &&
      Object.keys(fields).some(
        path => !['f:metadata', 'f:status', '.'].includes(path),
      ),
  );
  return other && `"${other.manager}" wrote into it since`;
}

/**
 * What to apply so that the fields of ours are as they were. Fields that the
 * step added are left out, and so the server removes them; fields of others
 * are not in it.
 */
async function restoredObject(
  recorded: RecordedObject,
  live: LiveObject | undefined,
  { resolveSecrets }: OutlookContext,
): Promise<KubernetesObject | undefined> {
  const { before, reference } = recorded;
  if (before.kind !== 'present') {
    return undefined;
  }
  const { object, data } = before;
  const values = data
    ? await resolveSecrets(data).catch(() => undefined)
    : undefined;
  if (data && values === undefined) {
    return undefined;
  }
  const complete: KubernetesObject =
    values === undefined
      ? object
      : { ...object, data: JSON.parse(String(values)) };
  const fields = uniteFields(
    ownFields(object as LiveObject),
    live ? ownFields(live) : {},
  );
  const { metadata, ...rest } = complete;
  const picked = pickFields(
    { ...rest, metadata: withoutServer(metadata) } as JsonObject,
    fields,
  ) as JsonObject;
  return {
    ...picked,
    apiVersion: reference.apiVersion,
    kind: reference.kind,
    metadata: {
      ...(picked.metadata as JsonObject | undefined),
      ...reference.metadata,
    },
  } as KubernetesObject;
}

function withoutServer(
  metadata: KubernetesObject['metadata'],
): KubernetesObject['metadata'] {
  const { name, labels, annotations, ...rest } = metadata;
  const { finalizers, ownerReferences } = rest as JsonObject;
  return {
    name,
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
    ...(finalizers ? { finalizers } : {}),
    ...(ownerReferences ? { ownerReferences } : {}),
  } as KubernetesObject['metadata'];
}

function ownFields(object: LiveObject): FieldSet {
  return (
    managersOf(object).find(
      ({ manager, operation }) =>
        manager === FIELD_MANAGER && operation === 'Apply',
    )?.fields ?? {}
  );
}

function left(reason: string): Outlook {
  return { kind: 'left', reason };
}

/** One sentence about an object that is not taken back. */
export function warningOf(
  recorded: RecordedObject,
  outlook: Outlook,
): string | undefined {
  const name = describe(recorded.reference);
  switch (outlook.kind) {
    case 'left':
      return `${name} stays as it is: ${outlook.reason}.`;
    case 'unknown':
      return `${name} cannot be taken back: ${outlook.reason}.`;
    default:
      return undefined;
  }
}
