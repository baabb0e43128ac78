export interface Cause {
  reason: string;
  message: string;
  field: string;
}

/** An answer that is no success. */
export class StatusError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly causes: Cause[];

  constructor(
    status: number,
    reason: string,
    message: string,
    causes: Cause[] = [],
  ) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.causes = causes;
  }
}
