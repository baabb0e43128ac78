import {
  RunArtifacts,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { isPostgres, nowMs } from '../database';
import { LeaseLostError, RunLease } from './Journal';

const MAX_BYTES = 5 * 1024 * 1024;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$/;

/** Whether who writes still may; holds for the rest of the transaction. */
type IsOwned = (trx: Knex.Transaction) => Promise<boolean>;

/** Artifacts of a run, written by its owner only. */
export class DatabaseArtifacts implements RunArtifacts {
  readonly #knex: Knex;
  readonly #lease: RunLease;
  readonly #isOwned: IsOwned;

  static create(
    knex: Knex,
    lease: RunLease,
    isOwned: IsOwned = trx => ownsRun(trx, lease),
  ): DatabaseArtifacts {
    return new DatabaseArtifacts(knex, lease, isOwned);
  }

  private constructor(knex: Knex, lease: RunLease, isOwned: IsOwned) {
    this.#knex = knex;
    this.#lease = lease;
    this.#isOwned = isOwned;
  }

  async write(name: string, content: string): Promise<void> {
    if (!NAME.test(name)) {
      throw new StepFailure(
        `The artifact name "${name}" is not allowed. Use letters, digits and . _ : / -, at most 200.`,
        { code: 'ARTIFACT_NAME_INVALID' },
      );
    }
    const bytes = Buffer.byteLength(content);
    if (bytes > MAX_BYTES) {
      throw new StepFailure(
        `The artifact "${name}" has ${bytes} bytes, at most ${MAX_BYTES} are allowed.`,
        { code: 'ARTIFACT_TOO_LARGE' },
      );
    }
    await this.#knex.transaction(async trx => {
      if (!(await this.#isOwned(trx))) {
        throw new LeaseLostError(this.#lease.runId);
      }
      await trx('run_artifacts')
        .insert({
          run_id: this.#lease.runId,
          name,
          content: content.replaceAll('\0', ''),
          updated_at: nowMs(trx),
        })
        .onConflict(['run_id', 'name'])
        .merge();
    });
  }

  async read(name: string): Promise<string | undefined> {
    const row: { content: string } | undefined = await this.#knex(
      'run_artifacts',
    )
      .where({ run_id: this.#lease.runId, name })
      .first('content');
    return row?.content;
  }
}

async function ownsRun(
  trx: Knex.Transaction,
  lease: RunLease,
): Promise<boolean> {
  const owned = await trx('workflow_runs')
    .where({ id: lease.runId, fencing_token: lease.fencingToken })
    .modify(query => isPostgres(trx) && query.forShare())
    .first('number');
  return owned !== undefined;
}
