import { Json } from './typedObject';

/**
 * Deployments get one pod, and their status follows it, as their controller
 * does it.
 */
export function playController(
  key: string,
  objects: {
    get(key: string): Json | undefined;
    put(key: string, object: Json): void;
  },
): void {
  const deployment = objects.get(key);
  if (!key.includes('|deployments/') || deployment === undefined) {
    return;
  }
  const pods = podKey(key, deployment);
  const { spec, metadata } = deployment;
  const [{ image }] = spec.template.spec.containers;
  if (objects.get(pods)?.spec.containers[0].image !== image) {
    objects.put(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${metadata.name}-pod`,
        namespace: metadata.namespace,
        labels: spec.template.metadata.labels,
      },
      spec: spec.template.spec,
      status: { phase: 'Pending' },
    });
  }
  const conditions: Json[] = objects.get(pods)?.status.conditions ?? [];
  const ready = conditions.some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  );
  deployment.status = {
    observedGeneration: metadata.generation,
    replicas: 1,
    updatedReplicas: 1,
    ...(ready ? { readyReplicas: 1, availableReplicas: 1 } : {}),
  };
}

export function podKey(key: string, object: Json): string {
  return `/api/v1|${key.split('|')[1]}|pods/${object.metadata.name}-pod`;
}
