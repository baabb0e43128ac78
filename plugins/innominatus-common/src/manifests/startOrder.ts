import { WorkloadContainer } from '../score/workload';

/**
 * How a container runs in the pod: `main`, `init` (runs to its end before the
 * next one starts) or `sidecar` (an init container that keeps running).
 */
export type ContainerRole = 'main' | 'init' | 'sidecar';

export interface StartPosition {
  name: string;
  role: ContainerRole;
  /** The next container waits until this one is healthy. */
  awaitHealth: boolean;
}

/**
 * Puts the containers into the order in which the pod starts them.
 *
 * @remarks
 * `before` of container A names the containers that start after A. Kubernetes
 * starts init containers one after the other and the main containers, all at
 * once, after the last of them. So every container with a `before` becomes an
 * init container:
 *
 * - `complete`: one that runs to its end.
 * - `started`: a sidecar (`restartPolicy: Always`), which keeps running; the
 *   next one starts as soon as it has started.
 * - `healthy`: a sidecar whose probe also is its startup probe; the next one
 *   starts when that has succeeded.
 *
 * With different wishes for one container the strongest one counts: whoever
 * has completed was started. Containers start later than they asked for at
 * most, never earlier.
 */
export function startOrder(
  containers: Record<string, WorkloadContainer>,
): StartPosition[] {
  const left = new Set(Object.keys(containers));
  const order: StartPosition[] = [];
  while (left.size > 0) {
    const free = [...left].filter(name =>
      [...left].every(other => !Object.hasOwn(containers[other].before, name)),
    );
    // A cycle is refused when the spec is read; take them as they stand.
    const next = free.length > 0 ? free : [...left];
    for (const name of next) {
      left.delete(name);
      order.push(position(name, containers[name]));
    }
  }
  return order;
}

function position(name: string, container: WorkloadContainer): StartPosition {
  const wishes = Object.values(container.before).map(({ ready }) => ready);
  if (wishes.length === 0) {
    return { name, role: 'main', awaitHealth: false };
  }
  if (wishes.includes('complete')) {
    return { name, role: 'init', awaitHealth: false };
  }
  return { name, role: 'sidecar', awaitHealth: wishes.includes('healthy') };
}
