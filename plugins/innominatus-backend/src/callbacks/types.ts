import { JsonValue } from '@innominatus/backstage-plugin-innominatus-common';

export type CallbackStatus = 'open' | 'succeeded' | 'failed';

/** Where a system outside reports back about one piece of work. */
export interface CallbackRecord {
  id: string;
  resourceId: string;
  /** The run that opened it. */
  runId: string;
  /** Where the secret is kept that reports are signed with. */
  secretRef: string;
  waitingRunId?: string;
  waitingStep?: string;
  status: CallbackStatus;
  /** What was said last. */
  message?: string;
  link?: { url: string; title?: string };
  outputsRef?: string;
  /** Of the last report that was taken. */
  digest?: string;
  reports: number;
  expiresAt: number;
  /** The run that waits, or opened it, is over. */
  runEnded: boolean;
}

export interface OpenCallbackOptions {
  id: string;
  resourceId: string;
  runId: string;
  secretRef: string;
  expiresAt: number;
}

export interface AwaitCallbackOptions {
  id: string;
  /** The run that waits has to be the one that opened it. */
  runId: string;
  step: string;
  expiresAt: number;
}

/** A report that was checked. */
export interface CallbackReport {
  status: CallbackStatus;
  message?: string;
  link?: { url: string; title?: string };
  outputsRef?: string;
  digest: string;
  at: number;
}

/** Where callbacks are kept. */
export interface CallbackStore {
  /** The same id again leaves what is there. */
  open(options: OpenCallbackOptions): Promise<CallbackRecord>;
  /** Those of a resource, the newest first, as far as they can still matter. */
  listOf(resourceId: string): Promise<CallbackRecord[]>;
  /**
   * Notes who waits and answers what was reported so far. What is reported later
   * finds who waits. Answers `undefined` for a callback of another run.
   */
  await(options: AwaitCallbackOptions): Promise<CallbackRecord | undefined>;
  /**
   * Takes a report in, unless another one was first. Answers `undefined` then.
   */
  report(
    seen: CallbackRecord,
    report: CallbackReport,
  ): Promise<CallbackRecord | undefined>;
}

/** What a report about a resource has to fit. */
export interface CallbackExpectations {
  /** What is wrong with the outputs, in sentences. */
  check(outputs: Record<string, JsonValue>): string[];
  /** Names of outputs that are secret. */
  sensitive: string[];
}
