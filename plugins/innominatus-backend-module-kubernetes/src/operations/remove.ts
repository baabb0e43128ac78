import { setTimeout as sleep } from 'node:timers/promises';
import {
  formatDuration,
  sortManifests,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepFailure,
  StepResult,
} from '@innominatus/backstage-plugin-innominatus-node';
import { describe, ObjectReference } from '../cluster/ClusterClient';
import { Inventory } from './Inventory';
import { readStepManifests } from './readStepManifests';
import { OperationContext } from './types';

const POLL_MS = 500;

/**
 * Deletes the objects, in the opposite order of apply. What is gone already
 * is no error.
 */
export async function remove(context: OperationContext): Promise<StepResult> {
  const { step, client, namespace } = context;
  const manifests = sortManifests(await readStepManifests(context)).reverse();
  const deleted: string[] = [];
  const inventory = await Inventory.open(context, manifests);
  for (const manifest of manifests) {
    if (!(await client.knows(manifest))) {
      step.log.info(
        `The cluster does not know the kind of ${describe(manifest)}, so there is nothing to delete.`,
      );
    } else if (await client.delete(manifest)) {
      step.log.info(`Deleted ${describe(manifest)}.`);
      deleted.push(`${manifest.kind}/${manifest.metadata.name}`);
    } else {
      step.log.info(`${describe(manifest)} is gone already.`);
    }
  }
  deleted.push(...((await inventory?.prune([])) ?? []));
  if (step.config.wait ?? false) {
    await waitUntilGone(context, manifests);
  }
  return { outputs: { namespace, deleted } };
}

async function waitUntilGone(
  context: OperationContext,
  references: readonly ObjectReference[],
): Promise<void> {
  const { client, step, timeoutMs } = context;
  const deadline = Date.now() + timeoutMs;
  for (const reference of references) {
    while (
      (await client.knows(reference)) &&
      (await client.read(reference)) !== undefined
    ) {
      if (Date.now() >= deadline) {
        throw new StepFailure(
          `${describe(reference)} is still there after ${formatDuration(timeoutMs)}. A finalizer may hold it back; look at its metadata.`,
          { code: 'KUBERNETES_DELETE_TIMEOUT' },
        );
      }
      await sleep(context.pollMs ?? POLL_MS, undefined, {
        signal: step.signal,
      });
    }
  }
}
