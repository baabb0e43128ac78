import {
  HealthCheckContext,
  HealthCheckResult,
  HealthChecker,
  createHealthChecker,
} from '@innominatus/backstage-plugin-innominatus-node';
import { z } from 'zod';
import { ClusterClient, describe } from '../cluster/ClusterClient';
import { loadKubeConfig } from '../cluster/loadKubeConfig';
import { ClusterConfig } from '../cluster/readClusters';
import { selectCluster } from '../cluster/selectCluster';
import { rolloutStatus } from '../rollout/rolloutStatus';

const MAX_OBJECTS = 20;
const name = z.string().min(1).max(253);

const schema = z.strictObject({
  objects: z
    .array(
      z.strictObject({
        apiVersion: name.default('apps/v1'),
        kind: name.default('Deployment'),
        name,
        namespace: name.optional(),
      }),
    )
    .min(1)
    .max(MAX_OBJECTS),
  /** Default: the one of the environment. */
  namespace: name.optional(),
  /** Default: the one of the environment, or the only one. */
  cluster: name.optional(),
});

/**
 * The health check `kubernetes-rollout`: all objects are there, and those that
 * take time to be ready are.
 */
export function createRolloutChecker(options: {
  clusters: ClusterConfig[];
}): HealthChecker {
  return createHealthChecker({
    name: 'kubernetes-rollout',
    description:
      'Looks whether objects are in the cluster and their rollout is complete',
    schema,
    check: context => check(context, options.clusters),
  });
}

async function check(
  context: HealthCheckContext<z.output<typeof schema>>,
  clusters: ClusterConfig[],
): Promise<HealthCheckResult> {
  const { config, environment, signal } = context;
  const cluster = selectCluster(clusters, {
    step: config.cluster,
    environment: text(environment.cluster),
  });
  const client = ClusterClient.create({
    cluster: cluster.name,
    kubeConfig: loadKubeConfig(cluster),
    signal,
  });
  const good: string[] = [];
  try {
    for (const object of config.objects) {
      const reference = {
        apiVersion: object.apiVersion,
        kind: object.kind,
        metadata: {
          name: object.name,
          namespace:
            object.namespace ??
            config.namespace ??
            text(environment.namespace) ??
            'default',
        },
      };
      const live = await client.read(reference);
      if (!live) {
        return unhealthy(`${describe(reference)} is not there.`);
      }
      const status = rolloutStatus(live);
      if (status && status.state !== 'done') {
        return unhealthy(`${describe(reference)} ${status.text}.`);
      }
      good.push(`${describe(reference)} ${status?.text ?? 'is there'}.`);
    }
  } finally {
    await client.close();
  }
  return {
    status: 'healthy',
    message:
      good.length === 1 ? good[0] : `All ${good.length} objects are ready.`,
  };
}

function unhealthy(message: string): HealthCheckResult {
  return { status: 'unhealthy', message };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
