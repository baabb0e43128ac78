import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { KubeConfig } from '@kubernetes/client-node';
import { ClusterConfig } from './readClusters';

/**
 * Makes the client's configuration. Files are read for every step, so that a
 * renewed kubeconfig or token counts without a restart.
 */
export function loadKubeConfig(cluster: ClusterConfig): KubeConfig {
  const kubeConfig = new KubeConfig();
  try {
    switch (cluster.type) {
      case 'kubeconfig':
        kubeConfig.loadFromFile(cluster.path);
        if (cluster.context !== undefined) {
          kubeConfig.setCurrentContext(cluster.context);
        }
        break;
      case 'inCluster':
        kubeConfig.loadFromCluster();
        break;
      default:
        kubeConfig.loadFromClusterAndUser(
          {
            name: cluster.name,
            server: cluster.url,
            caData: cluster.caData,
            skipTLSVerify: cluster.skipTLSVerify,
          },
          { name: cluster.name, token: cluster.serviceAccountToken },
        );
    }
  } catch (error) {
    // A parser may quote the file, which holds credentials.
    const code = (error as { code?: unknown }).code;
    throw new StepFailure(
      `The access data of the cluster "${cluster.name}" cannot be read${typeof code === 'string' ? ` (${code})` : ''}. Check the entry below "innominatus.stepTypes.kubernetes.clusters".`,
      { code: 'KUBERNETES_CONFIG_INVALID' },
    );
  }
  if (!kubeConfig.getCurrentCluster()) {
    throw new StepFailure(
      `The kubeconfig of the cluster "${cluster.name}" has no context "${kubeConfig.getCurrentContext()}", or the context has no cluster.`,
      { code: 'KUBERNETES_CONFIG_INVALID' },
    );
  }
  return kubeConfig;
}
