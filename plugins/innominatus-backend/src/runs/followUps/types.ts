import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';

/** What can follow from a run that ended. */
export type FollowUpKind = 'retry' | 'undo';

/** A run that ended, and what shall follow from it. */
export interface FollowUpQuestion {
  kind: FollowUpKind;
  run: Run;
}

/**
 * What runs are started for, seen from the engine, which does not know: asked
 * before a run is retried or undone, and told when it is.
 */
export interface RunOrigin {
  /** Throws when the caller may not start again what the run was started for. */
  requireStart(
    credentials: BackstageCredentials,
    question: FollowUpQuestion,
  ): Promise<void>;
  /** Why nothing may follow from the run now, in one sentence. */
  refusal?(question: FollowUpQuestion): Promise<string | undefined>;
  /** Called before the transaction that links the runs. */
  prepare?(question: FollowUpQuestion): Promise<void>;
  /** Called inside of that transaction; throws to call it off. */
  follow?(
    transaction: Knex.Transaction,
    question: FollowUpQuestion & { followUp: { id: string; number: number } },
  ): Promise<void>;
}
