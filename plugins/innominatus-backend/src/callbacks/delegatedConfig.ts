import { parseDuration } from '@innominatus/backstage-plugin-innominatus-common';
import { z } from 'zod';
import { durationSchema, toMs } from '../stepTypes/duration';

const SECOND_MS = 1_000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;
const LONGEST_WAIT_MS = 90 * DAY_MS;
const SHORTEST_PAUSE_MS = 10 * SECOND_MS;

const between = (min: number, max: number, words: string) =>
  durationSchema.refine(value => {
    const ms = parseDuration(value);
    return ms === undefined || (ms >= min && ms <= max);
  }, words);

const words = z
  .union([z.string(), z.array(z.string()).min(1).max(20)])
  .transform(value => (Array.isArray(value) ? value : [value]));

const poll = z.strictObject({
  url: z.string().min(1),
  headers: z.record(z.string(), z.string()).optional(),
  /** Pause between two looks (default 1 m). */
  every: between(
    SHORTEST_PAUSE_MS,
    DAY_MS,
    'expected a duration between "10s" and "1d"',
  ).optional(),
  /** Path of the value in the JSON that says how far it is. */
  status: z.string().min(1),
  /** Values that mean that the work is done. */
  succeeded: words,
  /** Values that mean that it will not be done. */
  failed: words.optional(),
  /** Path of a text that says why, or what is waited for. */
  message: z.string().min(1).optional(),
  /** Path of the address of a page for people. */
  link: z.string().min(1).optional(),
  /** Output name to the path of a value in the JSON. */
  outputs: z.record(z.string(), z.string()).optional(),
});

export const delegatedSchema = z
  .strictObject({
    /** What is waited for, in one sentence. */
    message: z.string().min(1).max(500).optional(),
    /** Address of a page for people: a ticket, a pull request. */
    link: z.string().min(1).max(2000).optional(),
    title: z.string().min(1).max(200).optional(),
    /** Output `id` of a step of type `callback`. */
    callback: z.string().min(1).optional(),
    poll: poll.optional(),
    /** How long to wait (default 7 d). */
    expiresAfter: between(
      SECOND_MS,
      LONGEST_WAIT_MS,
      'expected a duration of at most "90d"',
    ).optional(),
    /** More outputs that are secret than those that the provider declares so. */
    sensitive: z.array(z.string()).optional(),
  })
  .refine(
    config => config.callback !== undefined || config.poll !== undefined,
    'expected "callback" or "poll", or nothing would ever end the wait',
  );

export type DelegatedConfig = z.output<typeof delegatedSchema>;

export type PollConfig = NonNullable<DelegatedConfig['poll']>;

export function waitMs(config: DelegatedConfig): number {
  return toMs(config.expiresAfter ?? 7 * DAY_MS);
}

export function pauseMs(config: PollConfig): number {
  return toMs(config.every ?? 60 * SECOND_MS);
}
