/**
 * Words for priorities, and the numbers they stand for.
 *
 * @public
 */
export const RUN_PRIORITIES = { low: -50, normal: 0, high: 50 } as const;

/**
 * As people write it.
 *
 * @public
 */
export type RunPriority = number | keyof typeof RUN_PRIORITIES;

/** The priority furthest from 0 in both directions. */
const FURTHEST = 100;

/**
 * Reads a priority: a whole number from -100 to 100, or `low`, `normal`,
 * `high`. Answers `undefined` for anything else.
 *
 * @remarks
 * One point is worth one minute of waiting, so that a run of a low priority is
 * overtaken for a while and never forever.
 *
 * @public
 */
export function parsePriority(value: unknown): number | undefined {
  if (typeof value === 'string') {
    return Object.hasOwn(RUN_PRIORITIES, value)
      ? RUN_PRIORITIES[value as keyof typeof RUN_PRIORITIES]
      : undefined;
  }
  return typeof value === 'number' &&
    Number.isInteger(value) &&
    Math.abs(value) <= FURTHEST
    ? value
    : undefined;
}
