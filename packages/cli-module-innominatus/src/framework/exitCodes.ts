/**
 * What the process ends with; scripts rely on the numbers.
 *
 * @public
 */
export const ExitCode = {
  ok: 0,
  /** A run failed, or a Score spec has errors. */
  failed: 1,
  /** The command line itself is wrong. */
  wrongCall: 2,
  /** `plan --exit-code` found changes. */
  changes: 3,
  signInNeeded: 4,
  notFound: 5,
  denied: 6,
  timedOut: 7,
  /** The plan changed, or somebody else holds the lock. */
  conflict: 8,
  interrupted: 130,
} as const;

/** @public */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
