import { ResourceState } from '@innominatus/backstage-plugin-innominatus-common';
import { ResourceStore, TransitionOptions } from './types';

/** Where a resource is once a transition was noted. */
const AS_FAR: Partial<Record<ResourceState, ResourceState[]>> = {
  provisioning: ['provisioning', 'active'],
  updating: ['updating', 'active'],
  active: ['active'],
  terminating: ['terminating', 'terminated'],
  terminated: ['terminated'],
};

/**
 * Notes a transition that may have been noted already. A worker that stood still
 * for longer than its lease and the one that carries its step on follow the same
 * run, so both come to the same result; the second one must not take what the
 * first one noted for a conflict, and fail a resource that is there.
 */
export async function moveOnce(
  store: Pick<ResourceStore, 'get' | 'transition'>,
  options: TransitionOptions & {
    /** The run that works on the resource for this step. */
    ownRunId: string;
  },
): Promise<void> {
  const { ownRunId, ...transition } = options;
  try {
    await store.transition(transition);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConflictError') {
      throw error;
    }
    const current = await store.get(transition.id);
    const isNoted =
      current?.runId === ownRunId &&
      AS_FAR[transition.to]?.includes(current.state);
    if (!isNoted) {
      throw error;
    }
  }
}
