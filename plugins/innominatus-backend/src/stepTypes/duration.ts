import { parseDuration } from '@innominatus/backstage-plugin-innominatus-common';
import { z } from 'zod';

/** `30s`, `2h`, `PT30S`, or milliseconds; also a template while it is loaded. */
export const durationSchema = z
  .union([z.string(), z.number()])
  .refine(
    value =>
      (typeof value === 'string' && value.includes('$')) ||
      parseDuration(value) !== undefined,
    'expected a duration such as "30s", "5m" or "PT30S"',
  );

/** Milliseconds of a checked duration. */
export function toMs(value: string | number): number {
  return parseDuration(value) ?? 0;
}
