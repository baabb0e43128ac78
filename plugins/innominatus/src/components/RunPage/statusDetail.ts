import {
  RunStep,
  RunSummary,
} from '@innominatus/backstage-plugin-innominatus-common';
import { durationMs, formatDuration } from '../../lib/duration';
import { Text } from '../../translation';

/** What belongs to the state of a run: its place, its length or its reason. */
export function runStatusDetail(
  run: RunSummary,
  now: number,
  t: Text,
): string | undefined {
  const length = durationMs(run, now);
  const duration = length === undefined ? undefined : formatDuration(length);
  switch (run.status) {
    case 'waiting':
    case 'queued':
      return run.waiting?.message;
    case 'running':
      return [
        t('common.duration.step', {
          done: String(Math.min(run.stepsDone + 1, run.stepsTotal)),
          total: String(run.stepsTotal),
        }),
        duration,
      ]
        .filter(Boolean)
        .join(', ');
    default:
      return duration && t('common.duration.inTime', { duration });
  }
}

/** The same for a step. */
export function stepStatusDetail(
  step: RunStep,
  now: number,
  t: Text,
): string | undefined {
  const length = durationMs(step, now);
  const duration = length === undefined ? undefined : formatDuration(length);
  switch (step.status) {
    case 'waiting':
    case 'pending':
      return step.waiting?.message;
    case 'skipped':
    case 'cancelled':
      // The state stands in front of it already.
      return step.skipReason?.replace(/^(Skipped|Cancelled) /, '');
    case 'running':
      return duration;
    default:
      return duration && t('common.duration.inTime', { duration });
  }
}
