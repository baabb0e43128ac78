import { Knex } from 'knex';
import { RunGroup } from './runGroups';

/**
 * Inserts a run together with the groups it waits for: nobody looks at the run
 * before its groups are there. Answers the number of the run, or nothing when
 * its id exists already.
 */
export async function insertWithGroups(
  trx: Knex.Transaction,
  row: object,
  groups: RunGroup[],
): Promise<number | undefined> {
  const [run] = await trx('workflow_runs')
    .insert(row)
    .onConflict('id')
    .ignore()
    .returning(['id', 'number', 'queue_order']);
  if (!run || groups.length === 0) {
    return run?.number;
  }
  await trx('run_groups').insert(toGroupRows(run, groups));
  return run.number;
}

/** Rows of `run_groups` for a run that was just inserted. */
export function toGroupRows(
  run: { id: string; number: number; queue_order: number | string },
  groups: RunGroup[],
) {
  return groups.map(({ key, max }) => ({
    run_id: run.id,
    group_key: key,
    max_runs: max,
    state: 'new',
    queue_order: run.queue_order,
    run_number: run.number,
  }));
}
