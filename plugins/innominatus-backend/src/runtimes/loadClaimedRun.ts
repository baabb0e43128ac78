import { Knex } from 'knex';
import { ClaimedRun, toClaimedRun } from '../engine/claims';

/** A run in progress, with the lease of whoever owns it. */
export async function loadClaimedRun(
  knex: Knex,
  runId: string,
): Promise<ClaimedRun | undefined> {
  const row = await knex('workflow_runs')
    .where({ id: runId })
    .whereNull('ended_at')
    .whereNotNull('lease_owner')
    .first();
  return row && toClaimedRun(row);
}
