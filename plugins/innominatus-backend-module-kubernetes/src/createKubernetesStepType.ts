import { parseDuration } from '@innominatus/backstage-plugin-innominatus-common';
import {
  InspectContext,
  InspectedManifest,
  StepType,
  createStepType,
  StepContext,
  StepResult,
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
    inspect: context => inspectKubernetesStep(context, options),
  });
}

async function runKubernetesStep(
  step: StepContext<KubernetesStepConfig>,
  options: KubernetesStepTypeOptions,
): Promise<StepResult> {
  const { config, environment, signal } = step;
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
    return await runOperation({
      step,
      client,
      namespace: config.namespace ?? text(environment?.namespace) ?? 'default',
      timeoutMs: parseDuration(config.timeout) ?? DEFAULT_TIMEOUT_MS,
      pollMs: options.pollMs,
    });
  } finally {
    await client.close();
  }
}

async function inspectKubernetesStep(
  context: InspectContext<KubernetesStepConfig>,
  options: KubernetesStepTypeOptions,
): Promise<InspectedManifest[] | undefined> {
  const { config, environment, signal } = context;
  if (config.operation !== 'apply') {
    return undefined;
  }
  const cluster = selectCluster(options.clusters, {
    step: config.cluster,
    environment: text(environment.cluster),
  });
  const client = ClusterClient.create({
    cluster: cluster.name,
    kubeConfig: loadKubeConfig(cluster),
    signal,
  });
  try {
    return await inspect({
      step: context,
      client,
      namespace: config.namespace ?? text(environment.namespace) ?? 'default',
    });
  } finally {
    await client.close();
  }
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
