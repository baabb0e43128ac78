import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/**
 * A cluster as the configuration describes it.
 *
 * @public
 */
export type ClusterConfig = { name: string } & (
  | {
      type: 'url';
      url: string;
      caData?: string;
      skipTLSVerify: boolean;
      serviceAccountToken?: string;
    }
  | { type: 'kubeconfig'; path: string; context?: string }
  | { type: 'inCluster' }
);

const CLUSTERS = 'innominatus.stepTypes.kubernetes.clusters';

/** Reads the clusters; a mistake stops the backend before a step meets it. */
export function readClusters(config: Config): ClusterConfig[] {
  const clusters = (config.getOptionalConfigArray(CLUSTERS) ?? []).map(
    readCluster,
  );
  const names = new Set<string>();
  for (const { name } of clusters) {
    if (names.has(name)) {
      throw new InputError(
        `Two clusters have the name "${name}" in "${CLUSTERS}". Give each its own name.`,
      );
    }
    names.add(name);
  }
  return clusters;
}

function readCluster(config: Config): ClusterConfig {
  const name = config.getString('name');
  const url = config.getOptionalString('url');
  const kubeconfig = config.getOptionalString('kubeconfig');
  const inCluster = config.getOptionalBoolean('inCluster') ?? false;
  const ways = [url, kubeconfig, inCluster || undefined].filter(
    way => way !== undefined,
  );
  if (ways.length !== 1) {
    throw new InputError(
      `The cluster "${name}" in "${CLUSTERS}" needs exactly one of "url", "kubeconfig" and "inCluster: true".`,
    );
  }
  if (kubeconfig !== undefined) {
    return {
      name,
      type: 'kubeconfig',
      path: kubeconfig,
      context: config.getOptionalString('context'),
    };
  }
  if (url === undefined) {
    return { name, type: 'inCluster' };
  }
  const skipTLSVerify = config.getOptionalBoolean('skipTLSVerify') ?? false;
  if (!/^https:\/\//.test(url) && !(skipTLSVerify && /^http:\/\//.test(url))) {
    throw new InputError(
      `The url of the cluster "${name}" in "${CLUSTERS}" has to start with "https://". With "skipTLSVerify: true" it may be "http://" too.`,
    );
  }
  return {
    name,
    type: 'url',
    url,
    caData: config.getOptionalString('caData'),
    skipTLSVerify,
    serviceAccountToken: config.getOptionalString('serviceAccountToken'),
  };
}
