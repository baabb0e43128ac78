/** Why a step is asked to stop. */
export const AbortCauses = {
  /** The run is cancelled or the time of the step is over. */
  cancelled: 'CANCELLED',
  /** Another worker owns the run now. */
  leaseLost: 'LEASE_LOST',
  /** This backend shuts down; another one carries on. */
  shutdown: 'SHUTDOWN',
} as const;

export type AbortCause = (typeof AbortCauses)[keyof typeof AbortCauses];

/** The `reason` of the signal that a step gets. */
export class StepAbortError extends Error {
  readonly reason: AbortCause;

  constructor(reason: AbortCause, message: string) {
    super(message);
    this.name = 'AbortError';
    this.reason = reason;
  }
}

/** Whether the outcome of an aborted step is for another worker to find. */
export function isHandedOver(signal: AbortSignal): boolean {
  return (
    signal.reason instanceof StepAbortError &&
    signal.reason.reason !== AbortCauses.cancelled
  );
}
