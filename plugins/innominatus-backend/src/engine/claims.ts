import {
  CarriedSteps,
  RunInput,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import {
  fromJson,
  fromOptionalJson,
  isPostgres,
  nowMs,
  nowPlusMs,
} from '../database';
import { RunLease } from './Journal';

/**
 * Who works on which run.
 *
 * A run in progress has at most one owner. `lease_expires_at` is compared with
 * the clock of the database only; `fencing_token` grows with every claim, and
 * every later write names it, so a worker that slept through the end of its
 * lease can do no harm to the run.
 *
 * `wake_at` says when a run without owner has to be looked at: now, at the time
 * of its next timer, or never (empty) when only a person can move it. While a
 * run has an owner it is 0, unless a signal came in, which sets it to the time
 * of the signal; that is how {@link releaseRun} notices a signal that arrives
 * while the owner lets go.
 */
export interface ClaimedRun {
  lease: RunLease;
  number: number;
  definition: WorkflowDefinition;
  input: RunInput;
  /** Only for a retry. */
  carried?: CarriedSteps;
  initiator: string;
  depth: number;
  application?: { environment: string; name: string };
  seq: number;
  version: number;
  /** Its end frees slots that other runs may wait for. */
  grouped: boolean;
  /** Created with this owner a moment ago: nobody can have asked anything of it yet. */
  isFresh: boolean;
}

export interface ClaimOptions {
  owner: string;
  leaseMs: number;
  limit: number;
  /** Nested runs have slots of their own: their parents wait for them. */
  nested: boolean;
  /** Default `embedded`. */
  runtime?: string;
}

/**
 * Claims the runs that need a worker: first those in progress that are due, then
 * queued ones, in the order of their priority and of the time they wait.
 *
 * A queued run was admitted before, so that locks and limits need no look here;
 * see `admission.ts`. `queue_order` is the time at which a run was made, moved
 * by its priority. Compared with another run it says the same at any later
 * moment, so that a plain index gives the order and waiting is its own
 * promotion.
 *
 * PostgreSQL: the candidates are locked with SKIP LOCKED, so that replicas do
 * not wait for each other. SQLite: one statement is a transaction of its own.
 */
export async function claimRuns(
  knex: Knex,
  options: ClaimOptions,
): Promise<ClaimedRun[]> {
  const { runtime = 'embedded' } = options;
  const now = nowMs(knex);
  const lock = isPostgres(knex) ? 'for update of r skip locked' : '';
  // As an array, PostgreSQL expects few; a list it may join with a whole table.
  const isClaimable = isPostgres(knex)
    ? '= any(array(select id from claimable))'
    : 'in (select id from claimable)';
  const depth = options.nested ? 'r.depth > 0' : 'r.depth = 0';
  const result = await knex.raw(
    `with due as (
       select r.id from workflow_runs r
       where r.ended_at is null and r.started_at is not null
         and r.runtime = ?
         and r.wake_at <= ?
         and (r.lease_owner is null or r.lease_expires_at < ?)
         and ${depth}
       order by r.wake_at, r.number
       limit ? ${lock}
     ), queued as (
       select r.id from workflow_runs r
       where r.ended_at is null and r.started_at is null
         and r.admitted_at is not null
         and r.runtime = ?
         and r.wake_at <= ?
         and ${depth}
       order by r.queue_order, r.number
       limit ? - (select count(*) from due) ${lock}
     ), claimable as (
       select id from due union all select id from queued
     )
     update workflow_runs set
       lease_owner = ?,
       lease_expires_at = ?,
       fencing_token = fencing_token + 1,
       started_at = coalesce(started_at, ?),
       wake_at = 0
     where id ${isClaimable}
     returning *`,
    [
      runtime,
      now,
      now,
      options.limit,
      runtime,
      now,
      options.limit,
      options.owner,
      nowPlusMs(knex, options.leaseMs),
      now,
    ],
  );
  const rows: ClaimRow[] = isPostgres(knex) ? result.rows : result;
  return rows
    .sort(
      (left, right) =>
        Number(left.queue_order) - Number(right.queue_order) ||
        left.number - right.number,
    )
    .map(toClaimedRun);
}

/**
 * Whether runs that are not nested wait for a place of a worker; runs in
 * progress that are due count as well.
 */
export async function hasClaimableRuns(
  knex: Knex,
  runtime: string = 'embedded',
): Promise<boolean> {
  const now = nowMs(knex);
  const waiting = () =>
    knex('workflow_runs')
      .whereNull('ended_at')
      .andWhere({ runtime, depth: 0 })
      .andWhere('wake_at', '<=', now);
  const queued = await waiting()
    .whereNull('started_at')
    .whereNotNull('admitted_at')
    .first('number');
  const due = await waiting()
    .whereNotNull('started_at')
    .andWhere(free =>
      free.whereNull('lease_owner').orWhere('lease_expires_at', '<', now),
    )
    .first('number');
  return queued !== undefined || due !== undefined;
}

/**
 * Extends the leases; answers the ids of the runs that are still owned.
 *
 * PostgreSQL: whoever locks several runs must not wait for a lock, or two of
 * them could wait for each other. So runs that are locked in this moment, mostly
 * because their journal is written, are left out at first and renewed one by
 * one.
 */
export async function renewLeases(
  knex: Knex,
  options: { owner: string; leaseMs: number; runIds: string[] },
): Promise<Set<string>> {
  const { runIds } = options;
  const renewed = new Set(await renew(knex, { ...options, skipLocked: true }));
  if (isPostgres(knex)) {
    for (const id of runIds.filter(runId => !renewed.has(runId))) {
      const [owned] = await renew(knex, { ...options, runIds: [id] });
      if (owned !== undefined) {
        renewed.add(owned);
      }
    }
  }
  return renewed;
}

async function renew(
  knex: Knex,
  options: {
    owner: string;
    leaseMs: number;
    runIds: string[];
    skipLocked?: boolean;
  },
): Promise<string[]> {
  const { owner, leaseMs, runIds, skipLocked } = options;
  const rows: Array<{ id: string }> = await knex('workflow_runs')
    .where({ lease_owner: owner })
    .whereNull('ended_at')
    .whereIn('id', owned => {
      owned
        .from('workflow_runs')
        .where({ lease_owner: owner })
        .whereNull('ended_at')
        .whereIn('id', runIds)
        .select('id');
      if (skipLocked && isPostgres(knex)) {
        owned.forUpdate().skipLocked();
      }
    })
    .update({ lease_expires_at: nowPlusMs(knex, leaseMs) })
    .returning('id');
  return rows.map(row => row.id);
}

/**
 * Lets go of a run. Answers `false` when a signal came in meanwhile, or the run
 * belongs to someone else.
 */
export async function releaseRun(
  knex: Knex,
  lease: RunLease,
  wakeAt: number | undefined,
): Promise<boolean> {
  const updated = await whereOwned(knex, lease)
    .where('wake_at', 0)
    .update({
      lease_owner: null,
      lease_expires_at: null,
      wake_at: wakeAt ?? null,
    });
  return updated === 1;
}

/** Lets go of a run that another worker has to carry on after the pause. */
export async function handOverRun(
  knex: Knex,
  lease: RunLease,
  pauseMs: number,
): Promise<void> {
  await whereOwned(knex, lease).update({
    lease_owner: null,
    lease_expires_at: null,
    wake_at: nowPlusMs(knex, pauseMs),
  });
}

/** After {@link releaseRun} said no; signals are read after this. */
export async function acknowledgeWakeUp(
  knex: Knex,
  lease: RunLease,
): Promise<boolean> {
  return (await whereOwned(knex, lease).update({ wake_at: 0 })) === 1;
}

function whereOwned(knex: Knex, lease: RunLease) {
  return knex('workflow_runs')
    .where({
      id: lease.runId,
      lease_owner: lease.owner,
      fencing_token: lease.fencingToken,
    })
    .whereNull('ended_at');
}

interface ClaimRow {
  id: string;
  number: number;
  definition: string;
  input: string;
  carried: string | null;
  initiator: string;
  depth: number;
  application_environment: string | null;
  application_name: string | null;
  lease_owner: string;
  fencing_token: number;
  seq: number;
  version: number;
  grouped: boolean | number;
  queue_order: number | string;
}

export function toClaimedRun(row: ClaimRow): ClaimedRun {
  return {
    lease: {
      runId: row.id,
      owner: row.lease_owner,
      fencingToken: row.fencing_token,
    },
    number: row.number,
    definition: fromJson<WorkflowDefinition>(row.definition),
    input: {
      ...fromJson<Omit<RunInput, 'run'>>(row.input),
      run: { id: row.id, number: row.number },
    },
    carried: fromOptionalJson(row.carried),
    initiator: row.initiator,
    depth: row.depth,
    application:
      row.application_environment && row.application_name
        ? {
            environment: row.application_environment,
            name: row.application_name,
          }
        : undefined,
    seq: row.seq,
    version: row.version,
    grouped: Boolean(row.grouped),
    isFresh: false,
  };
}
