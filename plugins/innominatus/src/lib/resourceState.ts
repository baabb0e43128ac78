import { ResourceState } from '@innominatus/backstage-plugin-innominatus-common';
import { AnyStatus } from './status';

const STATUS: Record<ResourceState, AnyStatus> = {
  requested: 'queued',
  provisioning: 'running',
  active: 'succeeded',
  updating: 'running',
  degraded: 'degraded',
  terminating: 'running',
  terminated: 'skipped',
  failed: 'failed',
};

/** The sign of a state of a resource; its word is that of the state itself. */
export function statusOfResource(state: ResourceState): AnyStatus {
  return STATUS[state];
}
