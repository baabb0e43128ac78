import {
  createStepType,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { z } from 'zod';
import { durationSchema, toMs } from './duration';
import { sleep } from './sleep';

const DAY_MS = 24 * 60 * 60 * 1000;

const schema = z
  .strictObject({
    duration: durationSchema.optional(),
    /** A time such as `2026-12-01T08:00:00Z`. */
    until: z.string().optional(),
  })
  .refine(
    config => (config.duration === undefined) !== (config.until === undefined),
    'expected either "duration" or "until"',
  );

/**
 * Waits for a time. The time is written down when the wait begins, so that it
 * does not begin again when another worker carries on.
 */
export const waitStepType = createStepType({
  name: 'wait',
  description: 'Waits for a duration or until a time.',
  schema,
  effects: 'none',
  onInterrupt: 'resume',
  defaultTimeoutMs: 30 * DAY_MS,
  async run(context) {
    const { artifacts, config, idempotencyKey, log, signal } = context;
    const name = `wait:${idempotencyKey}`;
    const begun = await artifacts.read(name);
    const until = begun === undefined ? endOf(config) : Number(begun);
    const end = new Date(until).toISOString();
    if (begun === undefined) {
      await artifacts.write(name, String(until));
      log.info(`Waiting until ${end}`);
    } else {
      log.info(`Still waiting until ${end}`);
    }
    for (let left = until - Date.now(); left > 0; left = until - Date.now()) {
      await sleep(Math.min(left, DAY_MS), signal);
    }
    return { outputs: { until: end } };
  },
});

function endOf(config: z.output<typeof schema>): number {
  if (config.duration !== undefined) {
    return Date.now() + toMs(config.duration);
  }
  const until = Date.parse(config.until ?? '');
  if (Number.isNaN(until)) {
    throw new StepFailure(
      `The time "${config.until}" in "config.until" cannot be read. Write it as "2026-12-01T08:00:00Z".`,
      { code: 'CONFIG_INVALID' },
    );
  }
  return until;
}
