import { Knex } from 'knex';
import { Journal } from '../../engine';

/** Faults of a journal, for the proof that the checks find them. */
export type JournalFault = 'no-fencing' | 'early-answer';

/**
 * `no-fencing`: writes for whoever asks, under the lease of the real owner.
 * `early-answer`: says that a batch is on disk before it is.
 */
export function createFaultyJournal(
  journal: Journal,
  fault: JournalFault,
  knex: Knex,
): Journal {
  return {
    read: runId => journal.read(runId),
    append: async batch => {
      if (fault === 'early-answer') {
        setTimeout(() => journal.append(batch).catch(() => {}), 300);
        return;
      }
      const { runId } = batch.lease;
      const row = await knex('workflow_runs').where({ id: runId }).first();
      await journal.append({
        ...batch,
        // The row may be behind the journal.
        afterSeq: (await journal.read(runId)).length,
        lease: {
          runId,
          owner: row.lease_owner ?? batch.lease.owner,
          fencingToken: row.fencing_token,
        },
      });
    },
  };
}
