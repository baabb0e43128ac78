import { RunEvent } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { fromJson } from '../database';
import { Journal, JournalBatch, LeaseLostError } from './Journal';
import { toJournalRows } from './journalRows';
import { writeJournalRows } from './writeJournalRows';

/** Bounds how long one group keeps its rows locked. */
const LARGEST_GROUP = 100;

interface PendingBatch {
  batch: JournalBatch;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * {@link Journal} in the plugin's database, with group commit.
 *
 * While one group is on its way to the disk, the batches of all other runs
 * gather, and become the next group. So the number of commits does not grow
 * with the number of runs, and no batch waits for a timer. A batch resolves
 * only after the commit of its group.
 */
export class DatabaseJournal implements Journal {
  readonly #knex: Knex;
  #pending: PendingBatch[] = [];
  #flushing = false;

  static create(knex: Knex): DatabaseJournal {
    return new DatabaseJournal(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  append(batch: JournalBatch): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ batch, resolve, reject });
      if (!this.#flushing) {
        this.#flushing = true;
        // Runs whose steps end in the same tick share the group.
        setImmediate(() => this.#flush());
      }
    });
  }

  async read(runId: string): Promise<RunEvent[]> {
    const rows: Array<{ event: string }> = await this.#knex('run_events')
      .where({ run_id: runId })
      .orderBy('seq')
      .select('event');
    return rows.map(row => fromJson<RunEvent>(row.event));
  }

  async #flush(): Promise<void> {
    while (this.#pending.length > 0) {
      await this.#write(this.#takeGroup());
    }
    this.#flushing = false;
  }

  /** The guard checks a run once, so a group holds one batch of each run. */
  #takeGroup(): PendingBatch[] {
    const group = new Map<string, PendingBatch>();
    const later: PendingBatch[] = [];
    for (const pending of this.#pending) {
      const { runId } = pending.batch.lease;
      if (group.size < LARGEST_GROUP && !group.has(runId)) {
        group.set(runId, pending);
      } else {
        later.push(pending);
      }
    }
    this.#pending = later;
    return [...group.values()];
  }

  /** Settles every batch of the group; never rejects. */
  async #write(group: PendingBatch[]): Promise<void> {
    let written: Set<string>;
    try {
      const batches = group.map(pending => pending.batch);
      written = await writeJournalRows(this.#knex, toJournalRows(batches));
    } catch (error) {
      if (group.length === 1) {
        group[0].reject(error);
        return;
      }
      // What the database does not take from one run must not stop the others.
      for (const pending of group) {
        await this.#write([pending]);
      }
      return;
    }
    for (const { batch, resolve, reject } of group) {
      const { runId } = batch.lease;
      if (written.has(runId)) {
        resolve();
      } else {
        reject(new LeaseLostError(runId));
      }
    }
  }
}
