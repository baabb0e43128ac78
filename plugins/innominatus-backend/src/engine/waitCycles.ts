import { Knex } from 'knex';
import { isPostgres } from '../database';

/**
 * Runs that wait for each other in a circle.
 *
 * A run takes its groups in one moment, so that runs that are not nested never
 * do. But a nested run may wait for a lock of a run that cannot end before one of
 * its own nested runs has ended, which waits for a lock of the first.
 */
export interface WaitingRun {
  id: string;
  number: number;
  /** The group that has no free slot. */
  group: string;
  /** Slots of the group. */
  max: number;
  /** The runs that it is nested in. */
  above: string[];
}

/** A slot of a group in use. */
export interface HeldSlot {
  group: string;
  runId: string;
  number: number;
}

/** Nested runs that are looked at; more than that are looked at later. */
const MOST_RUNS = 500;

/**
 * The runs that will wait forever: those for whose group each slot is held by a
 * run that has to wait for such a run itself. A run that merely works, or waits
 * for a person, is not stuck, and whoever waits for it is not either.
 *
 * At first all are held to be stuck, then whoever has a way out is left away,
 * until nobody has.
 */
export function findStuck(
  waiting: WaitingRun[],
  held: HeldSlot[],
): WaitingRun[] {
  const holders = new Map<string, string[]>();
  for (const { group, runId } of held) {
    holders.set(group, [...(holders.get(group) ?? []), runId]);
  }
  let stuck = waiting;
  for (;;) {
    const cannotEnd = new Set(stuck.flatMap(run => run.above));
    const still = stuck.filter(({ group, max }) => {
      const runs = holders.get(group) ?? [];
      return runs.length >= max && runs.every(id => cannotEnd.has(id));
    });
    if (still.length === stuck.length) {
      return still;
    }
    stuck = still;
  }
}

/** What {@link findStuck} needs, as of one moment. */
export async function readWaits(
  knex: Knex,
): Promise<{ waiting: WaitingRun[]; held: HeldSlot[] }> {
  return knex.transaction(
    async trx => {
      const blocked: Array<{
        id: string;
        number: number;
        group_key: string;
        max_runs: number;
      }> = await trx('workflow_runs as r')
        .join('run_groups as g', 'g.run_id', 'r.id')
        .whereRaw(
          'r.depth > 0 and r.admitted_at is null and r.ended_at is null',
        )
        .where('g.state', 'blocked')
        .orderBy('r.number', 'desc')
        .limit(MOST_RUNS)
        .select('r.id', 'r.number', 'g.group_key', 'g.max_runs');
      if (blocked.length < 2) {
        return { waiting: [], held: [] };
      }
      const above = await readAbove(
        trx,
        blocked.map(run => run.id),
      );
      const held: Array<{ group_key: string; id: string; number: number }> =
        await trx('run_groups as g')
          .join('workflow_runs as r', 'r.id', 'g.run_id')
          .where('g.state', 'held')
          .whereIn('g.group_key', [
            ...new Set(blocked.map(run => run.group_key)),
          ])
          .select('g.group_key', 'r.id', 'r.number');
      return {
        waiting: blocked.map(({ id, number, group_key, max_runs }) => ({
          id,
          number,
          group: group_key,
          max: max_runs,
          above: above.get(id) ?? [],
        })),
        held: held.map(({ group_key, id, number }) => ({
          group: group_key,
          runId: id,
          number,
        })),
      };
    },
    isPostgres(knex) ? { isolationLevel: 'repeatable read' } : undefined,
  );
}

async function readAbove(
  trx: Knex,
  ids: string[],
): Promise<Map<string, string[]>> {
  const rows: Array<{ id: string; above: string }> = await trx
    .withRecursive('above', recursive =>
      recursive
        .from('workflow_runs')
        .whereIn('id', ids)
        .select('id', { above: 'parent_run_id' })
        .unionAll(next =>
          next
            .from('workflow_runs as r')
            .join('above as a', 'r.id', 'a.above')
            .whereNotNull('r.parent_run_id')
            .select('a.id', { above: 'r.parent_run_id' }),
        ),
    )
    .from('above')
    .select('id', 'above');
  const found = new Map<string, string[]>();
  for (const { id, above } of rows) {
    found.set(id, [...(found.get(id) ?? []), above]);
  }
  return found;
}
