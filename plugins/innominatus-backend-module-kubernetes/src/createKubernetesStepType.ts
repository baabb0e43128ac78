import { parseDuration } from '@innominatus/backstage-plugin-innominatus-common';
import {
  InspectContext,
  InspectedManifest,
  StepType,
  createStepType,
  StepContext,
  StepResult,
  UndoContext,
  UndoLookContext,
} from '@innominatus/backstage-plugin-innominatus-node';
import { ClusterClient } from './cluster/ClusterClient';
import { loadKubeConfig } from './cluster/loadKubeConfig';
import { ClusterConfig } from './cluster/readClusters';
import { selectCluster } from './cluster/selectCluster';
import { apply } from './operations/apply';
import { ensureNamespace } from './operations/ensureNamespace';
import { get } from './operations/get';
import { inspect } from './operations/inspect';
import { readStepManifests } from './operations/readStepManifests';
import { remove } from './operations/remove';
import { OperationContext } from './operations/types';
import { waitForRollout } from './rollout/waitForRollout';
import { KubernetesStepConfig, kubernetesStepSchema } from './schema';
import { UndoRecord } from './undo/UndoRecord';
import { requireRecord, undoApply, undoWarnings } from './undo/undoApply';

const DEFAULT_TIMEOUT_MS = 5 * 60 * 1000;

/**
 * Options of {@link createKubernetesStepType}.
 *
 * @public
 */
export interface KubernetesStepTypeOptions {
  clusters: ClusterConfig[];
  /** How often a rollout is looked at. Default one second. */
  pollMs?: number;
}

/**
 * The step type `kubernetes`: applies, waits for, reads and deletes objects.
 *
 * @public
 */
export function createKubernetesStepType(
  options: KubernetesStepTypeOptions,
): StepType {
  return createStepType({
    name: 'kubernetes',
    description:
      'Applies manifests to a cluster and waits for the rollout; also reads and deletes objects',
    schema: kubernetesStepSchema,
    effects: 'external',
    // Applying and deleting again ends in the same state.
    onInterrupt: 'rerun',
    run: step => runKubernetesStep(step, options),
    undo: context => undoKubernetesStep(context, options),
    undoObstacle,
    undoWarnings: context => lookBeforeUndo(context, options),
    inspect: context => inspectKubernetesStep(context, options),
  });
}

async function runKubernetesStep(
  step: StepContext<KubernetesStepConfig>,
  options: KubernetesStepTypeOptions,
): Promise<StepResult> {
  if (step.config.operation === 'apply') {
    // Also of a step that does not get as far as the cluster.
    await UndoRecord.open(step);
  }
  return withCluster(step, options, place =>
    runOperation({ ...place, step, ...timesOf(step.config, options) }),
  );
}

async function undoKubernetesStep(
  step: UndoContext<KubernetesStepConfig>,
  options: KubernetesStepTypeOptions,
): Promise<StepResult> {
  const objects = await requireRecord(step);
  if (objects.length === 0) {
    step.log.info('The step changed nothing, so there is nothing to undo.');
    return { outputs: {} };
  }
  return withCluster(step, options, place =>
    undoApply({ ...place, step, ...timesOf(step.config, options) }, objects),
  );
}

async function lookBeforeUndo(
  step: UndoLookContext<KubernetesStepConfig>,
  options: KubernetesStepTypeOptions,
): Promise<string[]> {
  const objects = await requireRecord(step);
  return objects.length === 0
    ? []
    : withCluster(step, options, place =>
        undoWarnings(step, { ...place, objects }),
      );
}

/** Only what was applied is recorded. */
function undoObstacle({ operation }: KubernetesStepConfig): string | undefined {
  switch (operation) {
    case 'apply':
      return undefined;
    case 'delete':
      return 'It deleted objects, and what they were is not kept; deploy again.';
    case 'create-namespace':
      return 'It made sure of a namespace, which others may use.';
    default:
      return 'It changed nothing.';
  }
}

async function inspectKubernetesStep(
  context: InspectContext<KubernetesStepConfig>,
  options: KubernetesStepTypeOptions,
): Promise<InspectedManifest[] | undefined> {
  return context.config.operation === 'apply'
    ? withCluster(context, options, place =>
        inspect({ ...place, step: context }),
      )
    : undefined;
}

async function withCluster<T>(
  context: Pick<
    StepContext<KubernetesStepConfig>,
    'config' | 'environment' | 'signal'
  >,
  options: KubernetesStepTypeOptions,
  work: (place: { client: ClusterClient; namespace: string }) => Promise<T>,
): Promise<T> {
  const { config, environment, signal } = context;
  const cluster = selectCluster(options.clusters, {
    step: config.cluster,
    environment: text(environment?.cluster),
  });
  const client = ClusterClient.create({
    cluster: cluster.name,
    kubeConfig: loadKubeConfig(cluster),
    signal,
  });
  try {
    return await work({
      client,
      namespace: config.namespace ?? text(environment?.namespace) ?? 'default',
    });
  } finally {
    await client.close();
  }
}

function timesOf(
  config: KubernetesStepConfig,
  options: KubernetesStepTypeOptions,
): { timeoutMs: number; pollMs?: number } {
  return {
    timeoutMs: parseDuration(config.timeout) ?? DEFAULT_TIMEOUT_MS,
    pollMs: options.pollMs,
  };
}

async function runOperation(context: OperationContext): Promise<StepResult> {
  const { step, client, namespace } = context;
  switch (step.config.operation) {
    case 'apply':
      return apply(context);
    case 'delete':
      return remove(context);
    case 'get':
      return get(context);
    case 'wait':
      await waitForRollout({
        ...context,
        signal: step.signal,
        log: step.log,
        objects: await readStepManifests(context),
      });
      return { outputs: { namespace } };
    default: {
      const created = await ensureNamespace(client, namespace, step.log);
      return { outputs: { namespace, created } };
    }
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
