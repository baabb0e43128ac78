/**
 * Applies, waits for and deletes Kubernetes manifests from innominatus
 * workflows.
 *
 * @packageDocumentation
 */
export {
  createKubernetesStepType,
  type KubernetesStepTypeOptions,
} from './createKubernetesStepType';
export type { ClusterConfig } from './cluster/readClusters';
export { innominatusModuleKubernetes as default } from './module';
