import type { Schedule } from '@innominatus/backstage-plugin-innominatus-common';
import { Styles, paintState } from '../output/styles';
import { safeLine } from '../output/text';
import { humanAge } from '../output/time';

/** `paused by user:default/jane`, `switched off in its file`, or the next time. */
export function scheduleState(schedule: Schedule): string {
  if (schedule.paused) {
    return `paused by ${safeLine(schedule.paused.by)}`;
  }
  return schedule.enabled
    ? (schedule.nextTimes.at(0) ?? 'never again')
    : 'switched off in its file';
}

/** A schedule with its next times and what came of the last one. */
export function scheduleText(schedule: Schedule, styles: Styles): string {
  const { last, lastRun, nextTimes } = schedule;
  const parameters = Object.entries(schedule.parameters).map(
    ([name, value]) => `${name}=${JSON.stringify(value)}`,
  );
  return [
    styles.bold(
      `${schedule.name}  ${safeLine(schedule.title ?? '')}`.trimEnd(),
    ),
    `  cron      ${safeLine(schedule.cron)} (${schedule.timezone})`,
    ...(schedule.owner ? [`  owner     ${safeLine(schedule.owner)}`] : []),
    ...(parameters.length > 0
      ? [`  with      ${safeLine(parameters.join(' '))}`]
      : []),
    ...(nextTimes.length > 0
      ? nextTimes.map(
          (time, i) => `  ${i === 0 ? 'next' : '    '}      ${time}`,
        )
      : [`  next      ${scheduleState(schedule)}`]),
    ...(last
      ? [
          `  last      ${last.at} ${last.outcome}${last.message ? `: ${safeLine(last.message)}` : ''}`,
        ]
      : []),
    ...(lastRun
      ? [`  last run  ${lastRun.number} ${paintState(lastRun.status, styles)}`]
      : []),
  ].join('\n');
}

/** What came of the last time, for a list. */
export function lastOutcome(schedule: Schedule): string {
  const { last } = schedule;
  return last ? `${last.outcome} ${humanAge(last.at)}` : '';
}
