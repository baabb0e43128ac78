import { RunEvent } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { fromJson, nowMs, toNumber } from '../database';

/** What a person asks of a run. */
export type RunSignal = Omit<Extract<RunEvent, { type: 'Signal' }>, 'type'>;

/**
 * Stores a signal for the owner of the run. The same id again does nothing.
 * Answers `false` when the run has ended.
 *
 * The run is marked in the same transaction, and that takes its row lock: an
 * owner that lets go of the run in this moment either sees the mark or has let
 * go before it (see `releaseRun`).
 */
export async function sendSignal(
  knex: Knex,
  runId: string,
  signal: Omit<RunSignal, 'at'>,
): Promise<boolean> {
  return knex.transaction(async trx => {
    const marked = await trx('workflow_runs')
      .where({ id: runId })
      .whereNull('ended_at')
      .update({ wake_at: nowMs(trx) });
    if (marked === 0) {
      return false;
    }
    await trx('run_signals')
      .insert({
        id: signal.id,
        run_id: runId,
        at: nowMs(trx),
        payload: JSON.stringify(signal),
      })
      .onConflict('id')
      .ignore();
    return true;
  });
}

/** Signals that no worker has recorded yet, by run, oldest first. */
export async function pendingSignals(
  knex: Knex,
  runIds: string[],
): Promise<Map<string, RunSignal[]>> {
  const byRun = new Map<string, RunSignal[]>();
  if (runIds.length === 0) {
    return byRun;
  }
  const rows: Array<{ run_id: string; at: number | string; payload: string }> =
    await knex('run_signals')
      .whereIn('run_id', runIds)
      .whereRaw('delivered = false')
      .orderBy(['at', 'id'])
      .select('run_id', 'at', 'payload');
  for (const row of rows) {
    const signal = {
      ...fromJson<Omit<RunSignal, 'at'>>(row.payload),
      at: toNumber(row.at),
    };
    byRun.set(row.run_id, [...(byRun.get(row.run_id) ?? []), signal]);
  }
  return byRun;
}
