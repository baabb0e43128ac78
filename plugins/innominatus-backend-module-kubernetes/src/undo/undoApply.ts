import { setTimeout as sleep } from 'node:timers/promises';
import {
  identityOf,
  KubernetesObject,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
  StepResult,
  UndoContext,
} from '@innominatus/backstage-plugin-innominatus-node';
import { ClusterClient, describe } from '../cluster/ClusterClient';
import { Inventory } from '../operations/Inventory';
import { readStepManifests } from '../operations/readStepManifests';
import { OperationContext } from '../operations/types';
import { KubernetesStepConfig } from '../schema';
import { Outlook, OutlookContext, outlookOf, warningOf } from './outlook';
import { readRecord, RecordedObject, uidOf, versionOf } from './UndoRecord';

/** So often an object may change between the look and the hand. */
const MOST_TRIES = 5;
const PAUSE_MS = 100;

type Source = Pick<
  StepContext<KubernetesStepConfig>,
  'config' | 'resolveSecrets'
> &
  Parameters<typeof readRecord>[0];

/** Answers what the step did, or fails when that was not written down. */
export async function requireRecord(
  step: Parameters<typeof readRecord>[0] & Pick<UndoContext, 'undone'>,
): Promise<RecordedObject[]> {
  const { run } = step.undone;
  const objects = await readRecord(step, run.id);
  if (objects === undefined) {
    throw new StepFailure(
      `What step "${step.step.name}" of run ${run.number} changed in the cluster is not recorded; the run may be of an older release. Take it back by hand, or deploy the version of before.`,
      { code: 'KUBERNETES_UNDO_UNKNOWN' },
    );
  }
  return objects;
}

/** What the undo would leave as it is, one sentence each. */
export async function undoWarnings(
  step: Source,
  options: {
    objects: readonly RecordedObject[];
    client: ClusterClient;
    namespace: string;
  },
): Promise<string[]> {
  const context = await outlookContext(step, options);
  const warnings: string[] = [];
  for (const recorded of options.objects) {
    const warning = warningOf(recorded, await outlookOf(recorded, context));
    if (warning !== undefined) {
      warnings.push(warning);
    }
  }
  return warnings;
}

/**
 * Takes back what the step did: what it deleted or changed is applied as it was
 * before, then what it created is deleted, in the opposite order. What others
 * changed since is left as it is. Every object is looked at before, so the undo
 * can be started over.
 */
export async function undoApply(
  context: OperationContext & { step: UndoContext<KubernetesStepConfig> },
  objects: readonly RecordedObject[],
): Promise<StepResult> {
  const { step } = context;
  const look = await outlookContext(step, context);
  const inventory = await Inventory.open(context, [...look.manifests.values()]);
  const created = objects.filter(({ before }) => before.kind === 'absent');
  const others = objects.filter(({ before }) => before.kind !== 'absent');
  const pruned = others.filter(({ pruned: gone }) => gone);
  await inventory?.change({ back: pruned.map(({ reference }) => reference) });
  const result = {
    deleted: [] as string[],
    restored: [] as string[],
    left: [] as string[],
  };
  const unknown: string[] = [];
  for (const recorded of [...others, ...[...created].reverse()]) {
    const outlook = await takeBack(recorded, context, look);
    const { kind, metadata } = recorded.reference;
    const name = `${kind}/${metadata.name}`;
    const warning = warningOf(recorded, outlook);
    if (warning !== undefined) {
      step.log.warn(warning);
      result.left.push(name);
    }
    if (outlook.kind === 'unknown' && warning !== undefined) {
      unknown.push(warning);
    }
    if (outlook.kind === 'delete') {
      result.deleted.push(name);
    }
    if (outlook.kind === 'restore') {
      result.restored.push(name);
    }
  }
  const gone = created.filter(({ reference }) => {
    const { kind, metadata } = reference;
    return !result.left.includes(`${kind}/${metadata.name}`);
  });
  await inventory?.change({ gone: gone.map(({ reference }) => reference) });
  if (unknown.length > 0) {
    throw new StepFailure(
      `${unknown.join(' ')} Everything else is taken back. Put ${unknown.length === 1 ? 'it' : 'these'} back by hand, or deploy the version of before.`,
      { code: 'KUBERNETES_UNDO_INCOMPLETE' },
    );
  }
  return { outputs: { namespace: context.namespace, ...result } };
}

/** Does what the look asks for; looks again when the object changed meanwhile. */
async function takeBack(
  recorded: RecordedObject,
  { client, step }: OperationContext,
  look: OutlookContext,
): Promise<Outlook> {
  const name = describe(recorded.reference);
  for (let attempt = 1; ; attempt += 1) {
    const outlook = await outlookOf(recorded, look);
    try {
      switch (outlook.kind) {
        case 'delete':
          await client.delete(recorded.reference, {
            uid: uidOf(outlook.live),
            resourceVersion: versionOf(outlook.live),
          });
          step.log.info(`Deleted ${name}.`);
          break;
        case 'restore':
          await client.apply(outlook.object, { force: true });
          step.log.info(`Put back ${name} as it was before.`);
          break;
        case 'done':
          step.log.info(`${name} ${outlook.text}.`);
          break;
        default:
      }
      return outlook;
    } catch (error) {
      const isConflict =
        error instanceof StepFailure && error.code === 'KUBERNETES_CONFLICT';
      if (!isConflict || attempt === MOST_TRIES) {
        throw error;
      }
      await sleep(attempt * PAUSE_MS, undefined, { signal: step.signal });
    }
  }
}

async function outlookContext(
  step: Source,
  options: { client: ClusterClient; namespace: string },
): Promise<OutlookContext> {
  const { client, namespace } = options;
  // Without them nothing counts as unchanged, so nothing of it is touched.
  const manifests: KubernetesObject[] = await readStepManifests({
    step,
    namespace,
  }).catch(() => []);
  return {
    client,
    manifests: new Map(
      manifests.map(manifest => [identityOf(manifest), manifest]),
    ),
    resolveSecrets: value => step.resolveSecrets(value),
  };
}
