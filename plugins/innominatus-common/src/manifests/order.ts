import { KubernetesObject } from './types';

/**
 * Kinds in the order in which a cluster wants them: what others stand on
 * first, what starts containers late, what sends traffic there last.
 */
const KIND_ORDER = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'StorageClass',
  'ResourceQuota',
  'LimitRange',
  'NetworkPolicy',
  'ServiceAccount',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Secret',
  'ConfigMap',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Service',
];

const LATE_KINDS = [
  'DaemonSet',
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'Pod',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'Ingress',
  'HTTPRoute',
  'GRPCRoute',
  'APIService',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
];

function rank(kind: string): number {
  const early = KIND_ORDER.indexOf(kind);
  if (early >= 0) {
    return early;
  }
  const late = LATE_KINDS.indexOf(kind);
  return late < 0 ? KIND_ORDER.length : KIND_ORDER.length + 1 + late;
}

/**
 * Sorts objects into the order in which they are applied: namespaces,
 * configuration, services, workloads, routes. Objects of the same kind keep
 * their order; kinds nobody knows come right before the workloads. Delete in
 * the opposite order.
 *
 * @public
 */
export function sortManifests<T extends Pick<KubernetesObject, 'kind'>>(
  manifests: readonly T[],
): T[] {
  return [...manifests].sort((a, b) => rank(a.kind) - rank(b.kind));
}

const CLUSTER_KINDS = new Set([
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'StorageClass',
  'ClusterRole',
  'ClusterRoleBinding',
  'PersistentVolume',
  'APIService',
  'IngressClass',
  'GatewayClass',
  'RuntimeClass',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
]);

/** Kinds of which it is known that they live outside of namespaces. */
export function isClusterKind(kind: string): boolean {
  return CLUSTER_KINDS.has(kind);
}
