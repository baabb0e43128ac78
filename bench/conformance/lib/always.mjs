import { podOf } from './pod.mjs';

/** What holds for the output of every case; answers what does not. */
export function checkAlways(manifests) {
  const wrong = [];
  const seen = new Set();
  for (const item of manifests) {
    const { apiVersion, kind, metadata } = item ?? {};
    if (!apiVersion || !kind || !metadata?.name) {
      wrong.push('an object without apiVersion, kind or name');
      continue;
    }
    const identity = [
      apiVersion,
      kind,
      metadata.namespace,
      metadata.name,
    ].join();
    if (seen.has(identity)) {
      wrong.push(`${kind} "${metadata.name}" twice`);
    }
    seen.add(identity);
    if (item.spec?.template?.spec) {
      wrong.push(...checkPod(podOf([item], metadata.name)));
    }
  }
  return wrong;
}

function checkPod(pod) {
  const wrong = [];
  const volumes = (pod.volumes ?? []).map(({ name }) => name);
  if (new Set(volumes).size < volumes.length) {
    wrong.push('a pod with two volumes of one name');
  }
  const containers = [...(pod.initContainers ?? []), ...(pod.containers ?? [])];
  if ((pod.containers ?? []).length === 0) {
    wrong.push('a pod without containers');
  }
  for (const { name, volumeMounts = [], env = [] } of containers) {
    const paths = volumeMounts.map(({ mountPath }) => mountPath);
    if (new Set(paths).size < paths.length) {
      wrong.push(`two mounts at one path in container "${name}"`);
    }
    const names = env.map(variable => variable.name);
    if (new Set(names).size < names.length) {
      wrong.push(`a variable twice in container "${name}"`);
    }
  }
  return wrong;
}
