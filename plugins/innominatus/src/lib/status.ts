import {
  ApplicationSummary,
  DeploymentSummary,
  RunStatus,
  StepStatus,
} from '@innominatus/backstage-plugin-innominatus-common';

/** Every state the portal shows, whatever the object. */
export type AnyStatus =
  | RunStatus
  | StepStatus
  | ApplicationSummary['status']
  | DeploymentSummary['status']
  | 'degraded';

export type StatusTone =
  'neutral' | 'accent' | 'warning' | 'success' | 'danger' | 'muted';

const TERMINAL: ReadonlySet<AnyStatus> = new Set([
  'succeeded',
  'failed',
  'cancelled',
  'skipped',
]);

/** Whether nothing will change any more by itself. */
export function isTerminal(status: AnyStatus): boolean {
  return TERMINAL.has(status);
}

/** Whether an object is worth asking for again soon. */
export function isMoving(status: AnyStatus): boolean {
  return !isTerminal(status) && status !== 'none';
}

export function toneOf(status: AnyStatus): StatusTone {
  switch (status) {
    case 'running':
      return 'accent';
    case 'degraded':
    case 'waiting':
      return 'warning';
    case 'succeeded':
      return 'success';
    case 'failed':
      return 'danger';
    case 'skipped':
    case 'cancelled':
    case 'none':
      return 'muted';
    default:
      return 'neutral';
  }
}
