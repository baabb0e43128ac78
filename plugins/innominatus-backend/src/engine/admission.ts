import { Knex } from 'knex';
import { isPostgres, nowMs } from '../database';

/**
 * Which runs may begin.
 *
 * A run names its groups when it is made: a lock is a group of one run, a limit
 * a group of several. It is admitted once every group has a free slot, and
 * takes all of them in that moment, so that no run holds one thing while it
 * waits for another. Workers look at admitted runs only.
 *
 * A run that is not admitted waits for exactly one group, the first that was
 * full, and is not looked at again before that group has a free slot. The cost
 * of an admission therefore follows from what was freed and what is new, not
 * from how many runs wait.
 *
 * The end of a run marks its groups as freed in the statement that ends it (a
 * trigger does that); the mark is taken away together with the admission of the
 * next runs. Whatever dies in between, the mark remains.
 *
 * Replicas admit one after the other (an advisory lock on PostgreSQL, the only
 * writer on SQLite). Should two ever do it at once, the unique slot of a group
 * refuses the second.
 */
export interface Admission {
  /** Runs that may begin now. */
  admitted: number;
  /** There may be more to admit at once. */
  more: boolean;
  /** Runs that have to wait for a slot now. */
  blocked: number;
}

/** New runs that one transaction looks at. */
const NEW_RUNS_PER_PASS = 200;
const SLOTS_PER_STATEMENT = 300;
/** Any number, the same in all replicas. */
const ADVISORY_LOCK = 4_217_003_991;

interface Candidate {
  runId: string;
  order: number;
  number: number;
  groups: Array<{ key: string; max: number }>;
}

/** Whether something is new or was freed; cheap, and without a lock. */
export async function hasAdmissions(knex: Knex): Promise<boolean> {
  const found = await knex('run_groups')
    .whereIn('state', ['new', 'freed'])
    .first('run_id');
  return found !== undefined;
}

/** Admits what can be admitted. */
export async function admitRuns(knex: Knex): Promise<Admission> {
  return knex.transaction(async trx => {
    if (isPostgres(trx)) {
      await trx.raw('select pg_advisory_xact_lock(?)', [ADVISORY_LOCK]);
    }
    let refill = await takeFreed(trx);
    const fresh = await newRuns(trx);
    let runIds = fresh;
    let admitted = 0;
    let blocked = 0;
    for (;;) {
      const used = await usedSlots(trx, refill);
      const next = await nextInLine(trx, { keys: refill, used });
      const ids = [...new Set([...runIds, ...next.runIds])];
      if (ids.length === 0) {
        break;
      }
      const some = await admitSome(trx, ids);
      admitted += some.admitted;
      blocked += some.blocked;
      // Whoever was next may wait for something else now, so that the slot is
      // still free for the one behind.
      refill = next.keys;
      runIds = [];
    }
    return { admitted, blocked, more: fresh.length === NEW_RUNS_PER_PASS };
  });
}

/** Read after the marks are gone: what is freed from here on leaves its own. */
async function takeFreed(trx: Knex): Promise<string[]> {
  const result = await trx.raw(
    "delete from run_groups where state = 'freed' returning group_key",
  );
  const rows: Array<{ group_key: string }> = isPostgres(trx)
    ? result.rows
    : result;
  return [...new Set(rows.map(row => row.group_key))];
}

async function newRuns(trx: Knex): Promise<string[]> {
  const rows: Array<{ run_id: string }> = await trx('run_groups')
    .where('state', 'new')
    .groupBy('run_id', 'queue_order', 'run_number')
    .orderBy(['queue_order', 'run_number'])
    .limit(NEW_RUNS_PER_PASS)
    .select('run_id');
  return rows.map(row => row.run_id);
}

/** Slots in use, by group. */
async function usedSlots(
  trx: Knex,
  keys: string[],
): Promise<Map<string, Set<number>>> {
  const used = new Map(keys.map(key => [key, new Set<number>()]));
  if (keys.length > 0) {
    const rows: Array<{ group_key: string; slot: number }> = await trx(
      'run_groups',
    )
      .where('state', 'held')
      .whereIn('group_key', keys)
      .select('group_key', 'slot');
    for (const { group_key, slot } of rows) {
      used.get(group_key)?.add(slot);
    }
  }
  return used;
}

/** As many runs as a group has free slots, of those that wait for it. */
async function nextInLine(
  trx: Knex,
  options: { keys: string[]; used: Map<string, Set<number>> },
): Promise<{ keys: string[]; runIds: string[] }> {
  const keys: string[] = [];
  const runIds: string[] = [];
  for (const key of options.keys) {
    const waiting = () =>
      trx('run_groups')
        .where({ state: 'blocked', group_key: key })
        .orderBy(['queue_order', 'run_number']);
    const first = await waiting().first('max_runs');
    const free = (first?.max_runs ?? 0) - (options.used.get(key)?.size ?? 0);
    if (free > 0) {
      const rows: Array<{ run_id: string }> = await waiting()
        .limit(free)
        .select('run_id');
      keys.push(key);
      runIds.push(...rows.map(row => row.run_id));
    }
  }
  return { keys, runIds };
}

async function admitSome(
  trx: Knex,
  runIds: string[],
): Promise<Omit<Admission, 'more'>> {
  const candidates = await readCandidates(trx, runIds);
  const used = await usedSlots(trx, [
    ...new Set(candidates.flatMap(run => run.groups.map(({ key }) => key))),
  ]);
  const admitted: Candidate[] = [];
  const blocked = new Map<string, string[]>();
  const slots: Array<{ runId: string; key: string; slot: number }> = [];
  for (const run of candidates) {
    const full = run.groups.find(
      ({ key, max }) => (used.get(key)?.size ?? 0) >= max,
    );
    if (full) {
      blocked.set(full.key, [...(blocked.get(full.key) ?? []), run.runId]);
      continue;
    }
    admitted.push(run);
    for (const { key } of run.groups) {
      const slot = firstFree(used.get(key));
      used.get(key)?.add(slot);
      slots.push({ runId: run.runId, key, slot });
    }
  }
  const ids = await markAdmitted(trx, admitted);
  await takeSlots(
    trx,
    slots.filter(({ runId }) => ids.has(runId)),
  );
  await markBlocked(trx, blocked);
  return {
    admitted: ids.size,
    blocked: candidates.length - admitted.length,
  };
}

/** The first in line first. */
async function readCandidates(
  trx: Knex,
  runIds: string[],
): Promise<Candidate[]> {
  const rows: Array<{
    run_id: string;
    group_key: string;
    max_runs: number;
    queue_order: number | string;
    run_number: number;
  }> = await trx('run_groups')
    .whereIn('run_id', runIds)
    .whereIn('state', ['new', 'waiting', 'blocked'])
    .orderBy('group_key')
    .select('run_id', 'group_key', 'max_runs', 'queue_order', 'run_number');
  const candidates = new Map<string, Candidate>();
  for (const row of rows) {
    const run = candidates.get(row.run_id) ?? {
      runId: row.run_id,
      order: Number(row.queue_order),
      number: row.run_number,
      groups: [],
    };
    run.groups.push({ key: row.group_key, max: row.max_runs });
    candidates.set(row.run_id, run);
  }
  return [...candidates.values()].sort(
    (left, right) => left.order - right.order || left.number - right.number,
  );
}

/**
 * Before anything of its groups is written, so that a cancel of the queued run,
 * which locks the run first as well, comes either before this or after it.
 */
async function markAdmitted(
  trx: Knex,
  runs: Candidate[],
): Promise<Set<string>> {
  if (runs.length === 0) {
    return new Set();
  }
  const rows: Array<{ id: string }> = await trx('workflow_runs')
    .whereIn(
      'id',
      runs.map(run => run.runId),
    )
    .whereNull('ended_at')
    .update({ admitted_at: nowMs(trx) })
    .returning('id');
  return new Set(rows.map(row => row.id));
}

async function takeSlots(
  trx: Knex,
  slots: Array<{ runId: string; key: string; slot: number }>,
): Promise<void> {
  for (let i = 0; i < slots.length; i += SLOTS_PER_STATEMENT) {
    const some = slots.slice(i, i + SLOTS_PER_STATEMENT);
    const row = '(cast(? as text), cast(? as text), cast(? as integer))';
    // Both databases name the columns of a list of values this way.
    await trx.raw(
      `update run_groups as g set state = 'held', slot = i.column3
       from (values ${some.map(() => row).join(', ')}) as i
       where g.run_id = i.column1 and g.group_key = i.column2`,
      some.flatMap(({ runId, key, slot }) => [runId, key, slot]),
    );
  }
}

/** What is freed already, because the run was cancelled, stays so. */
async function markBlocked(
  trx: Knex,
  blocked: Map<string, string[]>,
): Promise<void> {
  for (const [key, runIds] of blocked) {
    await trx('run_groups')
      .whereIn('run_id', runIds)
      .whereIn('state', ['new', 'waiting', 'blocked'])
      .update({
        state: trx.raw(
          "case when group_key = ? then 'blocked' else 'waiting' end",
          [key],
        ),
      });
  }
}

function firstFree(used: Set<number> = new Set()): number {
  let slot = 1;
  while (used.has(slot)) {
    slot += 1;
  }
  return slot;
}
