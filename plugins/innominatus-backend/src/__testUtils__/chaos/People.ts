import { randomUUID } from 'node:crypto';
import { Knex } from 'knex';
import { sendSignal } from '../../engine';
import { DefaultRunService } from '../../runs';
import { Random } from './randomRuns';

// Not the one who starts the runs.
const BY = 'user:default/joe';

export interface PeopleOptions {
  knex: Knex;
  random: Random;
  runs: Pick<DefaultRunService, 'get'>;
}

/** Those who answer what runs ask of people, and change their minds. */
export class People {
  readonly #knex: Knex;
  readonly #random: Random;
  readonly #runs: PeopleOptions['runs'];
  /** Steps that were answered, with the version of the run at that time. */
  readonly #answered = new Map<string, number>();

  static create(options: PeopleOptions): People {
    return new People(options);
  }

  private constructor(options: PeopleOptions) {
    this.#runs = options.runs;
    this.#knex = options.knex;
    this.#random = options.random;
  }

  /** Lets most of the steps that wait for a person go on, and rejects some. */
  async answer(rejects: number): Promise<void> {
    const waiting = await this.#knex('workflow_runs')
      .whereNull('ended_at')
      .whereIn('status', ['running', 'waiting'])
      .pluck('id');
    for (const runId of waiting) {
      const { version, steps } = await this.#runs.get(runId);
      const asked = steps.filter(
        step =>
          step.waiting?.kind === 'person' || step.waiting?.kind === 'approval',
      );
      for (const { name } of asked) {
        await this.#answer({ runId, step: name, version, rejects });
      }
    }
  }

  async #answer(asked: {
    runId: string;
    step: string;
    version: number;
    rejects: number;
  }): Promise<void> {
    const { runId, step, version, rejects } = asked;
    const key = `${runId}/${step}`;
    if (this.#answered.get(key) === version) {
      return;
    }
    const kind = this.#random() < rejects ? 'reject' : 'approve';
    const reason = kind === 'reject' ? 'Not today' : undefined;
    await this.#send(runId, { kind, step, reason });
    this.#answered.set(key, version);
  }

  async cancel(runId: string): Promise<void> {
    await this.#send(runId, { kind: 'cancel' });
  }

  /** Twice under the same id, as a client that got no answer does. */
  async #send(
    runId: string,
    signal: {
      kind: 'approve' | 'reject' | 'cancel';
      step?: string;
      reason?: string;
    },
  ): Promise<void> {
    const once = { id: randomUUID(), by: BY, ...signal };
    await sendSignal(this.#knex, runId, once);
    await sendSignal(this.#knex, runId, once);
  }
}
