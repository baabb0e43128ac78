import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { ClusterConfig } from './readClusters';

/**
 * Picks the cluster that a step works on: the one it names, else the one of
 * the environment, else the only one.
 */
export function selectCluster(
  clusters: readonly ClusterConfig[],
  wanted: { step?: string; environment?: string },
): ClusterConfig {
  const name = wanted.step ?? wanted.environment;
  if (name === undefined && clusters.length === 1) {
    return clusters[0];
  }
  const found = clusters.find(cluster => cluster.name === name);
  if (found !== undefined) {
    return found;
  }
  const known = clusters.map(cluster => `"${cluster.name}"`).join(', ');
  if (clusters.length === 0) {
    throw new StepFailure(
      'No cluster is configured. Add one below "innominatus.stepTypes.kubernetes.clusters" in the app-config of the backend.',
      { code: 'KUBERNETES_CLUSTER_UNKNOWN' },
    );
  }
  throw new StepFailure(
    name === undefined
      ? `There are several clusters (${known}), and neither the step nor the environment names one. Set "cluster".`
      : `There is no cluster "${name}". Configured are: ${known}.`,
    { code: 'KUBERNETES_CLUSTER_UNKNOWN' },
  );
}
