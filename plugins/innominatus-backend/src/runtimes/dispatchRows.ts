import { Knex } from 'knex';
import { isPostgres, nowMs, nowPlusMs } from '../database';

/**
 * Who was handed which run, and told of which signal.
 *
 * Each statement marks what it answers with the time, so that of several
 * processes one takes it, and it comes up again when nothing came of it.
 */
export interface DispatchOptions {
  runtime: string;
  limit: number;
  /** What was handed over longer ago than this is handed over again. */
  againAfterMs: number;
}

/** Runs in progress that their runtime has to be handed. */
export async function takeRunsToSubmit(
  knex: Knex,
  options: DispatchOptions,
): Promise<string[]> {
  const lock = isPostgres(knex) ? 'for update skip locked' : '';
  const result = await knex.raw(
    `with due as (
       select id from workflow_runs
       where runtime = ?
         and runtime <> 'embedded'
         and ended_at is null
         and lease_owner is not null
         and (submitted_at is null or submitted_at < ?)
       order by number limit ? ${lock}
     )
     update workflow_runs set submitted_at = ?
     where id in (select id from due)
     returning id`,
    [
      options.runtime,
      nowPlusMs(knex, -options.againAfterMs),
      options.limit,
      nowMs(knex),
    ],
  );
  return idsOf(knex, result);
}

/** A run that could not be handed over is due again at once. */
export async function returnRun(knex: Knex, runId: string): Promise<void> {
  await knex('workflow_runs')
    .where({ id: runId })
    .update({ submitted_at: null });
}

/** Runs whose runtime has to be told that there are signals. */
export async function takeRunsToNotify(
  knex: Knex,
  options: DispatchOptions,
): Promise<string[]> {
  const lock = isPostgres(knex) ? 'for update of s skip locked' : '';
  const result = await knex.raw(
    `with due as (
       select s.id from run_signals s
       join workflow_runs r on r.id = s.run_id
       where r.runtime = ?
         and r.ended_at is null
         and s.delivered = false
         and (s.notified_at is null or s.notified_at < ?)
       limit ? ${lock}
     )
     update run_signals set notified_at = ?
     where id in (select id from due)
     returning run_id as id`,
    [
      options.runtime,
      nowPlusMs(knex, -options.againAfterMs),
      options.limit,
      nowMs(knex),
    ],
  );
  return [...new Set(idsOf(knex, result))];
}

/** Signals that their runtime could not be told of are due again at once. */
export async function returnSignals(knex: Knex, runId: string): Promise<void> {
  await knex('run_signals')
    .where({ run_id: runId })
    .whereRaw('delivered = false')
    .update({ notified_at: null });
}

/** The runtimes that runs in progress belong to. */
export async function runtimesInUse(knex: Knex): Promise<string[]> {
  const rows: Array<{ runtime: string }> = await knex('workflow_runs')
    .distinct('runtime')
    .whereNull('ended_at')
    .whereRaw("runtime <> 'embedded'");
  return rows.map(row => row.runtime);
}

function idsOf(
  knex: Knex,
  result: { rows: Array<{ id: string }> } & Array<{ id: string }>,
): string[] {
  return (isPostgres(knex) ? result.rows : result).map(row => row.id);
}
