import { KubernetesObject } from './types';

/**
 * What makes two manifests the same object of a cluster: group, kind,
 * namespace and name. The version of the API does not count.
 *
 * @public
 */
export function identityOf(manifest: KubernetesObject): string {
  const { apiVersion, kind, metadata } = manifest;
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return [group, kind, metadata.namespace ?? '', metadata.name].join('/');
}
