import { Knex } from 'knex';
import { isPostgres, toNumber } from '../database';
import { DatabaseLogStore, LeaseLostError, LogLine, LogStore } from '../engine';
import { packLines } from '../engine/logChunks';
import { holdsClaim, StepClaim, whereClaimed } from './stepClaims';

const ROWS_PER_STATEMENT = 50;

/**
 * {@link LogStore} for one attempt, whose run is worked on by several processes
 * at the same time.
 *
 * `afterSeq` counts the lines of this attempt, so that a batch whose answer got
 * lost is not written twice. The numbers within the run are given out here,
 * under the lock of the run.
 */
export class ClaimedLogStore implements LogStore {
  readonly #knex: Knex;
  readonly #claim: StepClaim;

  static create(knex: Knex, claim: StepClaim): ClaimedLogStore {
    return new ClaimedLogStore(knex, claim);
  }

  private constructor(knex: Knex, claim: StepClaim) {
    this.#knex = knex;
    this.#claim = claim;
  }

  async lastSeq(): Promise<number> {
    const row = await whereClaimed(this.#knex, this.#claim).first('log_lines');
    return row ? toNumber(row.log_lines) : 0;
  }

  async append(options: { afterSeq: number; lines: LogLine[] }): Promise<void> {
    const { afterSeq, lines } = options;
    const { runId } = this.#claim;
    await this.#knex.transaction(async trx => {
      const held = await holdsClaim(trx, this.#claim);
      if (!held) {
        throw new LeaseLostError(runId);
      }
      if (held.logLines >= afterSeq + lines.length) {
        return;
      }
      if (isPostgres(trx)) {
        await trx('workflow_runs')
          .where({ id: runId })
          .forNoKeyUpdate()
          .first('number');
      }
      const rows = packLines({
        runId,
        afterSeq: await DatabaseLogStore.create(trx).lastSeq(runId),
        lines,
      });
      for (let i = 0; i < rows.length; i += ROWS_PER_STATEMENT) {
        await trx('log_chunks').insert(rows.slice(i, i + ROWS_PER_STATEMENT));
      }
      await whereClaimed(trx, this.#claim).update({
        log_lines: afterSeq + lines.length,
      });
    });
  }
}
