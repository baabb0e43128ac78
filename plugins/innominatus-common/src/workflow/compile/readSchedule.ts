import { joinJsonPointer } from '../../diagnostics';
import { JsonValue } from '../../json';
import { ParameterDefinition } from '../parameters/types';
import { validateParameters } from '../parameters/validateParameters';
import { isTemplate } from '../references';
import { checkCron, ScheduleDefinition } from '../schedule';
import { readTimeout } from './fields';
import { Report } from './report';
import { isObject, Shape } from './shape';

const KEYS = [
  'cron',
  'timezone',
  'parameters',
  'enabled',
  'concurrencyPolicy',
  'startingDeadline',
];
const DEFAULT_DEADLINE_MS = 10 * 60_000;
const LONGEST_CRON = 200;

/** `spec.schedule`: when the workflow is started by itself, and with what. */
export function readSchedule(
  shape: Shape,
  parameters: ParameterDefinition[],
  report: Report,
): ScheduleDefinition | undefined {
  const found = shape.spec.get('schedule');
  if (found === undefined || found.value === null) {
    return undefined;
  }
  const { pointer, value } = found;
  if (!isObject(value)) {
    report.error(
      'WORKFLOW_INVALID',
      pointer,
      '"schedule" must be an object with at least "cron".',
    );
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (!KEYS.includes(key)) {
      report.unknownKey({
        pointer: joinJsonPointer(pointer, key),
        key,
        place: '"schedule"',
        known: KEYS,
      });
    }
  }
  const times = readTimes(value, pointer, report);
  return (
    times && {
      ...times,
      parameters: readValues(value.parameters, {
        pointer: `${pointer}/parameters`,
        parameters,
        isDeclared: shape.kind === 'GoldenPath' || shape.spec.has('parameters'),
        report,
      }),
      enabled: readEnabled(value.enabled, `${pointer}/enabled`, report),
      concurrencyPolicy: readPolicy(
        value.concurrencyPolicy,
        `${pointer}/concurrencyPolicy`,
        report,
      ),
      startingDeadlineMs:
        readTimeout(
          value.startingDeadline,
          `${pointer}/startingDeadline`,
          report,
        ) ?? DEFAULT_DEADLINE_MS,
    }
  );
}

function readTimes(
  value: Record<string, JsonValue>,
  pointer: string,
  report: Report,
): Pick<ScheduleDefinition, 'cron' | 'timezone'> | undefined {
  const { cron, timezone = 'UTC' } = value;
  if (typeof cron !== 'string' || cron.length > LONGEST_CRON) {
    report.error(
      'WORKFLOW_SCHEDULE',
      `${pointer}/cron`,
      cron === undefined
        ? '"schedule.cron" is missing.'
        : '"cron" must be a text with five fields.',
      ['Write for example "0 3 * * *" for three o\'clock every night.'],
    );
    return undefined;
  }
  if (typeof timezone !== 'string') {
    report.error(
      'WORKFLOW_SCHEDULE',
      `${pointer}/timezone`,
      '"timezone" must be the name of a time zone, for example "Europe/Zurich".',
    );
    return undefined;
  }
  const problem = checkCron(cron, timezone);
  if (problem) {
    report.error(
      'WORKFLOW_SCHEDULE',
      `${pointer}/${problem.key}`,
      problem.message,
      problem.key === 'cron'
        ? [
            'The fields are minute, hour, day of month, month and day of week, for example "0 3 * * *".',
          ]
        : ['Write a name such as "Europe/Zurich" or "UTC".'],
    );
    return undefined;
  }
  return { cron, timezone };
}

function readValues(
  value: JsonValue | undefined,
  options: {
    pointer: string;
    parameters: ParameterDefinition[];
    isDeclared: boolean;
    report: Report;
  },
): Record<string, JsonValue> {
  const { pointer, parameters, report } = options;
  const given = value ?? {};
  if (!isObject(given)) {
    report.error(
      'WORKFLOW_INVALID',
      pointer,
      '"parameters" must be an object of names and values.',
    );
    return {};
  }
  for (const [name, child] of Object.entries(given)) {
    if (typeof child === 'string' && isTemplate(child)) {
      report.warning(
        'WORKFLOW_VARIABLE_TEMPLATE',
        joinJsonPointer(pointer, name),
        `The parameter "${name}" is taken as it is written: nothing can be referred to before a run begins.`,
      );
    }
  }
  const { issues } = validateParameters(parameters, given, {
    unknown: options.isDeclared ? 'error' : 'pass',
  });
  for (const issue of issues) {
    report.error(
      'WORKFLOW_SCHEDULE',
      joinJsonPointer(pointer, issue.parameter),
      issue.message,
    );
  }
  return given;
}

function readEnabled(
  value: JsonValue | undefined,
  pointer: string,
  report: Report,
): boolean {
  if (value !== undefined && typeof value !== 'boolean') {
    report.error(
      'WORKFLOW_SCHEDULE',
      pointer,
      '"enabled" must be true or false.',
    );
  }
  return value !== false;
}

function readPolicy(
  value: JsonValue | undefined,
  pointer: string,
  report: Report,
): ScheduleDefinition['concurrencyPolicy'] {
  if (value !== undefined && value !== 'skip' && value !== 'queue') {
    report.error(
      'WORKFLOW_SCHEDULE',
      pointer,
      `The policy ${JSON.stringify(value)} is not known. Write "skip" to leave a time out while the run before is in progress, or "queue" to wait for it.`,
    );
  }
  return value === 'queue' ? 'queue' : 'skip';
}
