import { ResourceState } from '@innominatus/backstage-plugin-innominatus-common';

const NEXT_STATES: Record<ResourceState, ResourceState[]> = {
  requested: ['provisioning', 'failed'],
  provisioning: ['active', 'failed'],
  active: ['updating', 'degraded', 'terminating', 'failed'],
  updating: ['active', 'failed'],
  degraded: ['active', 'terminating', 'failed'],
  terminating: ['terminated', 'failed'],
  terminated: [],
  failed: ['provisioning', 'terminating'],
};

/** Whether the life of a resource may go from one state to the other. */
export function canTransition(from: ResourceState, to: ResourceState): boolean {
  return NEXT_STATES[from].includes(to);
}

/** States in which a run is at work on the resource. */
export const BUSY_STATES: ResourceState[] = [
  'provisioning',
  'updating',
  'terminating',
];
