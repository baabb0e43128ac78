import { JsonValue } from '../../json';
import { RunStatus } from '../../workflow/types';
import { AllowedAction } from './common';

/**
 * What came of a time of a schedule.
 *
 * @public
 */
export const ScheduleOutcome = {
  started: 'started',
  skipped: 'skipped',
  missed: 'missed',
  failed: 'failed',
} as const;

/** @public */
export type ScheduleOutcome =
  (typeof ScheduleOutcome)[keyof typeof ScheduleOutcome];

/**
 * A golden path or workflow that is started by itself.
 *
 * @public
 */
export interface Schedule {
  /** Name of the golden path or workflow. */
  name: string;
  kind: 'GoldenPath' | 'Workflow';
  title?: string;
  owner?: string;
  /** Five fields: minute, hour, day of month, month, day of week. */
  cron: string;
  /** IANA name. */
  timezone: string;
  parameters: Record<string, JsonValue>;
  /** As its file says; one that is switched off is not started. */
  enabled: boolean;
  concurrencyPolicy: 'skip' | 'queue';
  /** ISO 8601 duration: how late a run may begin after a downtime. */
  startingDeadline: string;
  /** Set while somebody holds it. */
  paused?: { by: string; at: string };
  /** The next times, three at most; none while it is paused or switched off. */
  nextTimes: string[];
  /** The last time that came. */
  last?: { at: string; outcome: ScheduleOutcome; message?: string };
  /** The last run, also of a trigger; only when the caller may read it. */
  lastRun?: { id: string; number: number; status: RunStatus };
  source?: string;
  allowedActions: {
    pause: AllowedAction;
    resume: AllowedAction;
    trigger: AllowedAction;
  };
}
