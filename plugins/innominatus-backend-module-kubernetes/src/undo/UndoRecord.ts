import { createHash } from 'node:crypto';
import {
  identityOf,
  JsonObject,
  KubernetesObject,
  SecretReference,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepContext } from '@innominatus/backstage-plugin-innominatus-node';
import { LiveObject, ObjectReference } from '../cluster/ClusterClient';

/** What an object was before the step. */
export type Before =
  | { kind: 'absent' }
  | {
      kind: 'present';
      uid: string;
      /** Without its status, and a Secret without its values. */
      object: KubernetesObject;
      /** The values of a Secret, as JSON. */
      data?: SecretReference;
    }
  /** It was there, and what it was could not be kept. */
  | { kind: 'unknown'; reason: string; version: string };

/** What the step did to one object. */
export interface RecordedObject {
  reference: ObjectReference;
  before: Before;
  /** Of the object that the step created. */
  uid?: string;
  /** The step deleted it, or was about to. */
  pruned?: boolean;
}

interface Written {
  version: 1;
  run: string;
  objects: RecordedObject[];
}

type Step = Pick<StepContext<unknown>, 'artifacts' | 'keepSecret'> & {
  run: { id: string };
  step: { name: string };
};

const VERSION = 1;
const MAX_OBJECT_BYTES = 256 * 1024;
const MAX_BYTES = 4 * 1024 * 1024;
const SERVER_METADATA = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'selfLink',
];
const COPY = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * What a step needs for its undo, kept with the run: which objects it created,
 * and what those it changed were before. It is written before anything is
 * changed; when the step starts over, what was written first stays, because it
 * is from before the step.
 */
export class UndoRecord {
  readonly #step: Step;
  readonly #objects: Map<string, RecordedObject>;
  #bytes = 0;

  /** Goes on with what an interrupted attempt has written. */
  static async open(step: Step): Promise<UndoRecord> {
    const written = await readRecord(step, step.run.id);
    const record = new UndoRecord(step, written ?? []);
    if (written === undefined) {
      await record.write();
    }
    return record;
  }

  private constructor(step: Step, objects: RecordedObject[]) {
    this.#step = step;
    this.#objects = new Map(
      objects.map(object => [identityOf(object.reference), object]),
    );
    this.#bytes = Buffer.byteLength(JSON.stringify(objects));
  }

  has(reference: ObjectReference): boolean {
    return this.#objects.has(identityOf(reference));
  }

  /** Takes down what an object is now. Nothing when that was done before. */
  async add(
    reference: ObjectReference,
    live: LiveObject | undefined,
  ): Promise<void> {
    if (!this.has(reference)) {
      this.#objects.set(identityOf(reference), {
        reference: toReference(reference),
        before: live ? await this.#keep(live) : { kind: 'absent' },
      });
    }
  }

  /** The object that came of it. What did not change needs no undo. */
  applied(reference: ObjectReference, live: LiveObject): void {
    const recorded = this.#objects.get(identityOf(reference));
    if (recorded?.before.kind === 'absent') {
      recorded.uid ??= uidOf(live);
    } else if (recorded && versionBefore(recorded) === versionOf(live)) {
      this.#objects.delete(identityOf(reference));
    }
  }

  /** Takes down an object that is about to be deleted. */
  async prune(reference: ObjectReference, live: LiveObject): Promise<void> {
    await this.add(reference, live);
    const recorded = this.#objects.get(identityOf(reference));
    if (recorded) {
      recorded.pruned = true;
    }
  }

  async write(): Promise<void> {
    const written: Written = {
      version: VERSION,
      run: this.#step.run.id,
      objects: [...this.#objects.values()],
    };
    await this.#step.artifacts.write(
      artifactOf(this.#step.step.name),
      JSON.stringify(written),
    );
  }

  async #keep(live: LiveObject): Promise<Before> {
    const { object, data } = withoutServerParts(live);
    const bytes = Buffer.byteLength(JSON.stringify(object));
    if (bytes > MAX_OBJECT_BYTES || this.#bytes + bytes > MAX_BYTES) {
      return {
        kind: 'unknown',
        version: versionOf(live),
        reason: `it had ${bytes} bytes, and at most ${MAX_OBJECT_BYTES} of an object and ${MAX_BYTES} of a step are kept`,
      };
    }
    this.#bytes += bytes;
    const before: Before = { kind: 'present', uid: uidOf(live), object };
    if (data === undefined) {
      return before;
    }
    try {
      const name = createHash('sha256')
        .update(identityOf(live))
        .digest('hex')
        .slice(0, 32);
      return {
        ...before,
        data: await this.#step.keepSecret(`undo-${name}`, JSON.stringify(data)),
      };
    } catch (error) {
      const { message } = error as Error;
      return {
        kind: 'unknown',
        version: versionOf(live),
        reason: `its values could not be kept: ${message.replace(/[.\s]*$/, '')}`,
      };
    }
  }
}

/** Answers `undefined` when the step of that run has written none. */
export async function readRecord(
  step: {
    artifacts: Pick<StepContext['artifacts'], 'read'>;
    step: { name: string };
  },
  runId: string,
): Promise<RecordedObject[] | undefined> {
  const text = await step.artifacts.read(artifactOf(step.step.name));
  if (text === undefined) {
    return undefined;
  }
  const written: Written = JSON.parse(text);
  // A retry starts with copies of what the run before has written.
  return written.run === runId && written.version === VERSION
    ? written.objects
    : undefined;
}

/** Names of steps can have characters that names of artifacts cannot have. */
function artifactOf(step: string): string {
  const name = step.replace(
    /[^A-Za-z0-9_-]/g,
    character => `.${(character.codePointAt(0) as number).toString(16)}.`,
  );
  return name.length <= 150
    ? `undo/${name}`
    : `undo/${createHash('sha256').update(step).digest('hex')}`;
}

function withoutServerParts(live: LiveObject): {
  object: KubernetesObject;
  data?: JsonObject;
} {
  const { status, data, ...rest } = live;
  const metadata = Object.fromEntries(
    Object.entries(live.metadata).filter(
      ([name]) => !SERVER_METADATA.includes(name),
    ),
  ) as KubernetesObject['metadata'];
  if (metadata.annotations) {
    // kubectl keeps a copy of the manifest here, of Secrets too.
    const { [COPY]: copy, ...annotations } = metadata.annotations;
    metadata.annotations = annotations;
  }
  const object = { ...rest, metadata } as KubernetesObject;
  if (live.apiVersion === 'v1' && live.kind === 'Secret') {
    return { object, data: (data ?? {}) as JsonObject };
  }
  return { object: data === undefined ? object : { ...object, data } };
}

function versionBefore({ before }: RecordedObject): string | undefined {
  switch (before.kind) {
    case 'present':
      return versionOf(before.object);
    case 'unknown':
      return before.version;
    default:
      return undefined;
  }
}

export function versionOf(object: KubernetesObject): string {
  return String(
    (object.metadata as { resourceVersion?: unknown }).resourceVersion ?? '',
  );
}

export function uidOf(object: KubernetesObject): string {
  return String((object.metadata as { uid?: unknown }).uid ?? '');
}

function toReference(reference: ObjectReference): ObjectReference {
  const { apiVersion, kind, metadata } = reference;
  const { name, namespace } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  };
}
