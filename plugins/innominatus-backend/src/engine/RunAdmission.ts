import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { admitRuns, hasAdmissions } from './admission';
import { breakWaitCycles } from './breakWaitCycles';
import { loop, WakeUp } from './loop';
import { RunChanges } from './RunChanges';

/** Looked at least this often, also when no notice arrives. */
const POLL_MS = 1000;
/** Circles are looked for when a run has to wait, and this often. */
const CYCLES_MS = 30_000;

export interface RunAdmissionOptions {
  knex: Knex;
  changes: RunChanges;
  logger: LoggerService;
}

/** Admits runs as soon as the locks and limits they wait for are free. */
export class RunAdmission {
  readonly #options: RunAdmissionOptions;
  readonly #wakeUp = WakeUp.create();
  #lookedForCycles = -Infinity;

  static create(options: RunAdmissionOptions): RunAdmission {
    return new RunAdmission(options);
  }

  private constructor(options: RunAdmissionOptions) {
    this.#options = options;
  }

  /** Resolves after the signal has aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { changes, logger } = this.#options;
    const stopListening = changes.onGroupsChanged(() => this.#wakeUp.wake());
    try {
      await loop({
        task: 'admit runs that waited for a lock or a limit',
        logger,
        signal,
        intervalMs: POLL_MS,
        wake: this.#wakeUp,
        run: () => this.#admit(),
      });
    } finally {
      stopListening();
    }
  }

  async #admit(): Promise<boolean> {
    const { knex, changes } = this.#options;
    if (!(await hasAdmissions(knex))) {
      await this.#breakCycles(CYCLES_MS);
      return false;
    }
    const { admitted, blocked, more } = await admitRuns(knex);
    if (admitted > 0) {
      changes.publish({ kind: 'work' });
    }
    await this.#breakCycles(blocked > 0 ? 0 : CYCLES_MS);
    return more;
  }

  async #breakCycles(intervalMs: number): Promise<void> {
    const { knex, changes, logger } = this.#options;
    if (performance.now() - this.#lookedForCycles < intervalMs) {
      return;
    }
    this.#lookedForCycles = performance.now();
    for (const { runId, version, message } of await breakWaitCycles(knex)) {
      logger.warn(message, { runId });
      changes.publish({ kind: 'run', runId, version, ended: true });
      // Its groups are free.
      changes.publish({ kind: 'groups' });
    }
  }
}
