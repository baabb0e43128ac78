import { Knex } from 'knex';
import { RunGroup } from './runGroups';

/** What a run above holds already is not taken again: it would wait for itself. */
export async function groupsToTake(
  knex: Knex,
  options: {
    groups?: RunGroup[];
    parentRun?: { id: string };
  },
): Promise<RunGroup[]> {
  const { groups = [], parentRun } = options;
  if (groups.length === 0 || !parentRun) {
    return groups;
  }
  const held: Array<{ group_key: string }> = await knex
    .withRecursive('above', recursive =>
      recursive
        .from('workflow_runs')
        .where({ id: parentRun.id })
        .select('id', 'parent_run_id')
        .unionAll(next =>
          next
            .from('workflow_runs as r')
            .join('above as a', 'r.id', 'a.parent_run_id')
            .select('r.id', 'r.parent_run_id'),
        ),
    )
    .from('run_groups')
    .where('state', 'held')
    .whereIn('run_id', above => above.from('above').select('id'))
    .select('group_key');
  const keys = new Set(held.map(row => row.group_key));
  return groups.filter(group => !keys.has(group.key));
}
