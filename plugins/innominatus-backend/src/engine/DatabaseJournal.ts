import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import {
  RunEvent,
  RunInput,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { BusyWait, GroupCommit, fromJson, isPostgres } from '../database';
import { Journal, JournalBatch, LeaseLostError } from './Journal';
import { fromStoredEvents, toJournalRows } from './journalRows';
import { writeJournalRows } from './writeJournalRows';

/** Bounds how long one group keeps its rows locked. */
const LARGEST_GROUP = 100;

/** While PostgreSQL writes one group, this process prepares the next. */
const GROUPS_IN_FLIGHT = 2;

/** {@link Journal} in the plugin's database, with group commit. */
export class DatabaseJournal implements Journal {
  readonly #knex: Knex;
  readonly #batches: GroupCommit<JournalBatch, void>;

  static create(knex: Knex): DatabaseJournal {
    return new DatabaseJournal(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
    this.#batches = GroupCommit.create({
      write: group => write(knex, group),
      // The guard checks a run once, so a group holds one batch of each run.
      keyOf: batch => batch.lease.runId,
      largestGroup: LARGEST_GROUP,
      ...(isPostgres(knex)
        ? {
            inFlight: GROUPS_IN_FLIGHT,
            busyWait: BusyWait.create(),
          }
        : { inFlight: 1 }),
    });
  }

  append(batch: JournalBatch): Promise<void> {
    return this.#batches.add(batch);
  }

  async read(runId: string, after: number = 0): Promise<RunEvent[]> {
    const [run, rows] = await Promise.all([
      this.#knex('workflow_runs')
        .where({ id: runId })
        .first('number', 'definition', 'input'),
      this.#knex('run_events')
        .where({ run_id: runId })
        .andWhere('seq', '>', after)
        .orderBy('seq')
        .select<Array<{ event: string }>>('event'),
    ]);
    if (!run) {
      return [];
    }
    const start = {
      definition: fromJson<WorkflowDefinition>(run.definition),
      input: {
        ...fromJson<Omit<RunInput, 'run'>>(run.input),
        run: { id: runId, number: run.number },
      },
    };
    return rows.flatMap(row => fromStoredEvents(row.event, start));
  }
}

async function write(
  knex: Knex,
  group: JournalBatch[],
): Promise<Array<void | LeaseLostError>> {
  const written = await writeJournalRows(knex, toJournalRows(group)).catch(
    error => {
      // Somebody went on with the run from the same event.
      if (group.length === 1 && isEventThere(error)) {
        return new Set<string>();
      }
      throw error;
    },
  );
  return group.map(({ lease: { runId } }) =>
    written.has(runId) ? undefined : new LeaseLostError(runId),
  );
}

function isEventThere(error: Error): boolean {
  return isDatabaseConflictError(error) && /run_events/.test(error.message);
}
