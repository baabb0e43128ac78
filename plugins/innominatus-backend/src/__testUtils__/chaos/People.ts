import { randomUUID } from 'node:crypto';
import { Knex } from 'knex';
import { sendSignal } from '../../engine';
import { Random } from './randomRuns';

// Not the one who starts the runs.
const BY = 'user:default/joe';

/** Those who answer what runs ask of people, and change their minds. */
export class People {
  readonly #knex: Knex;
  readonly #random: Random;
  /** Steps that were answered, with the version of the run at that time. */
  readonly #answered = new Map<string, number>();

  static create(options: { knex: Knex; random: Random }): People {
    return new People(options);
  }

  private constructor(options: { knex: Knex; random: Random }) {
    this.#knex = options.knex;
    this.#random = options.random;
  }

  /** Lets most of the steps that wait for a person go on, and rejects some. */
  async answer(rejects: number): Promise<void> {
    const rows: Array<{ run_id: string; name: string; version: number }> =
      await this.#knex('run_steps')
        .join('workflow_runs', 'workflow_runs.id', 'run_steps.run_id')
        .where('run_steps.status', 'waiting')
        .where(either =>
          either
            .whereLike('run_steps.waiting', '%"person"%')
            .orWhereLike('run_steps.waiting', '%"approval"%'),
        )
        .select('run_id', 'name', 'workflow_runs.version');
    for (const { run_id: runId, name: step, version } of rows) {
      const key = `${runId}/${step}`;
      if (this.#answered.get(key) === version) {
        continue;
      }
      const kind = this.#random() < rejects ? 'reject' : 'approve';
      await this.#send(runId, { kind, step });
      this.#answered.set(key, version);
    }
  }

  async cancel(runId: string): Promise<void> {
    await this.#send(runId, { kind: 'cancel' });
  }

  /** Twice under the same id, as a client that got no answer does. */
  async #send(
    runId: string,
    signal: { kind: 'approve' | 'reject' | 'cancel'; step?: string },
  ): Promise<void> {
    const once = { id: randomUUID(), by: BY, ...signal };
    await sendSignal(this.#knex, runId, once);
    await sendSignal(this.#knex, runId, once);
  }
}
