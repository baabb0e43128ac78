import { setTimeout as sleep } from 'node:timers/promises';
import {
  KubernetesObject,
  sortManifests,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepResult } from '@innominatus/backstage-plugin-innominatus-node';
import { ClusterClient, describe } from '../cluster/ClusterClient';
import { waitForRollout } from '../rollout/waitForRollout';
import { UndoRecord } from '../undo/UndoRecord';
import { Inventory } from './Inventory';
import { ensureNamespace } from './ensureNamespace';
import { readStepManifests, resolveManifestSecrets } from './readStepManifests';
import { OperationContext } from './types';

/** How long a kind may take to show up after its definition was applied. */
const KIND_TIMEOUT_MS = 15_000;
const KIND_POLL_MS = 250;

/**
 * Brings the objects into the cluster with server-side apply, in the order in
 * which they need each other. Applying the same objects again changes
 * nothing, so an interrupted step simply starts over.
 */
export async function apply(context: OperationContext): Promise<StepResult> {
  const { step, client, namespace } = context;
  const record = await UndoRecord.open(step);
  const manifests = sortManifests(await readStepManifests(context));
  if (manifests.length === 0) {
    step.log.info('There are no manifests, so nothing is applied.');
    return { outputs: { namespace, applied: 0, deleted: [], objects: [] } };
  }
  if (step.config.createNamespace) {
    await ensureNamespace(client, namespace, step.log);
  }
  const inventory = await Inventory.open(context, manifests);
  await inventory?.add(manifests);
  await recordBefore(record, manifests, client);
  try {
    await applyAll(manifests, context, record);
  } finally {
    await record.write();
  }
  if (step.config.wait ?? true) {
    await waitForRollout({
      ...context,
      signal: step.signal,
      log: step.log,
      objects: manifests,
    });
  }
  // Only now: pods of before need their configuration until they are replaced.
  const deleted = (await inventory?.prune(manifests, record)) ?? [];
  return {
    outputs: {
      namespace,
      applied: manifests.length,
      deleted,
      objects: manifests.map(
        ({ kind, metadata }) => `${kind}/${metadata.name}`,
      ),
    },
  };
}

/** All of it first: what is not taken down could not be taken back. */
async function recordBefore(
  record: UndoRecord,
  manifests: readonly KubernetesObject[],
  client: ClusterClient,
): Promise<void> {
  for (const manifest of manifests) {
    if (!record.has(manifest)) {
      await record.add(
        manifest,
        (await client.knows(manifest))
          ? await client.read(manifest)
          : undefined,
      );
    }
  }
  await record.write();
}

async function applyAll(
  manifests: KubernetesObject[],
  context: OperationContext,
  record: UndoRecord,
): Promise<void> {
  const { step, client } = context;
  for (const manifest of manifests) {
    await awaitKind(manifest, manifests, context);
    const complete = await resolveManifestSecrets(manifest, step);
    const { created, object } = await client.apply(complete, {
      force: step.config.force,
    });
    record.applied(manifest, object);
    step.log.info(`${created ? 'Created' : 'Applied'} ${describe(manifest)}.`);
  }
}

/** Objects of a kind can follow their definition right away; give it time. */
async function awaitKind(
  manifest: KubernetesObject,
  manifests: KubernetesObject[],
  context: OperationContext,
): Promise<void> {
  const defined = manifests.some(
    ({ kind, spec }) =>
      kind === 'CustomResourceDefinition' &&
      (spec as { names?: { kind?: string } } | undefined)?.names?.kind ===
        manifest.kind,
  );
  if (!defined) {
    return;
  }
  const deadline = Date.now() + KIND_TIMEOUT_MS;
  while (!(await context.client.knows(manifest)) && Date.now() < deadline) {
    await sleep(KIND_POLL_MS, undefined, { signal: context.step.signal });
  }
}
