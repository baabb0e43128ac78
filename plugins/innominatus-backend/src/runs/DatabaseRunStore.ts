import { InputError, NotFoundError } from '@backstage/errors';
import {
  MAX_RUN_DEPTH,
  Page,
  Run,
  RunLogLine,
  RunSummary,
  StepAttempt,
  WorkflowDefinition,
  nestedTooDeep,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { AccessSubject } from '../access/types';
import {
  applyKeyset,
  BusyWait,
  decodeCursor,
  encodeCursor,
  fromJson,
  fromOptionalJson,
  GroupCommit,
  isPostgres,
} from '../database';
import { DatabaseJournal } from '../engine';
import { readLogLines } from '../engine/readLogLines';
import { EMBEDDED_ONLY, RunRuntimes } from '../runtimes/types';
import { toAttempts } from './attempts';
import { groupsToTake } from './groupsToTake';
import { HeldRuns, NO_HELD_RUNS, readHeldRuns } from './heldRuns';
import { InsertedRun, NewRun, insertRuns } from './insertRuns';
import {
  INHERITED_COLUMNS,
  InheritedColumns,
  toNewRow,
  toRunInput,
} from './newRunRow';
import { NO_QUEUE, QueueFacts, readQueue } from './queue';
import {
  RunRow,
  RunSummaryRow,
  RunSurroundings,
  SUMMARY_COLUMNS,
  toLogLine,
  toRun,
  toRunSummary,
} from './rows';
import { RunStates } from './RunStates';
import {
  CreateRunOptions,
  CreatedRun,
  ReadLogsOptions,
  RunIdentity,
  RunStore,
} from './RunStore';
import { ListRunsOptions } from './types';

/** Runs that are created in one commit at most. */
const LARGEST_GROUP = 100;

const FILTER_COLUMNS: Record<keyof ListRunsOptions['filter'], string> = {
  status: 'status',
  environment: 'application_environment',
  application: 'application_name',
  goldenPath: 'golden_path',
  workflow: 'workflow',
  initiator: 'initiator',
  entityRef: 'application_entity_ref',
  parentRun: 'parent_run_id',
  retryOf: 'retry_of',
  undoOf: 'undo_of',
  purpose: 'purpose',
};

/** A run that was just made follows from no other, and none from it. */
const NO_LINKS = {
  retry_of: null,
  retry_of_number: null,
  retried_by: null,
  retried_by_number: null,
  undo_of: null,
  undo_of_number: null,
  undone_by: null,
  undone_by_number: null,
};

/** {@link RunStore} in the plugin's database. */
export class DatabaseRunStore implements RunStore {
  readonly #knex: Knex;
  readonly #runtimes: RunRuntimes;
  readonly #journal: DatabaseJournal;
  readonly #states: RunStates;
  readonly #inserts: GroupCommit<NewRun, InsertedRun | undefined>;

  static create(
    knex: Knex,
    options: { runtimes?: RunRuntimes } = {},
  ): DatabaseRunStore {
    return new DatabaseRunStore(knex, options.runtimes ?? EMBEDDED_ONLY);
  }

  private constructor(knex: Knex, runtimes: RunRuntimes) {
    this.#knex = knex;
    this.#runtimes = runtimes;
    this.#journal = DatabaseJournal.create(knex);
    this.#states = RunStates.create(this.#journal);
    this.#inserts = GroupCommit.create({
      write: async runs => {
        const inserted = await insertRuns(knex, runs);
        return runs.map(run => inserted.get(run.row.id));
      },
      keyOf: run => run.row.id,
      largestGroup: LARGEST_GROUP,
      inFlight: 1,
      ...(isPostgres(knex) ? { busyWait: BusyWait.create() } : {}),
    });
  }

  async create(options: CreateRunOptions): Promise<CreatedRun> {
    const { definition, owner, parentRun, runId } = options;
    const inherited = parentRun ? await this.#inherit(parentRun.id) : undefined;
    const groups = await groupsToTake(this.#knex, options);
    const row = toNewRow(options, {
      inherited,
      isGrouped: groups.length > 0,
      runtime: this.#runtimes.current,
    });
    const inserted = await this.#inserts.add({ row, groups });
    if (!inserted || !owner) {
      const summary = await this.getSummary(runId);
      if (!summary) {
        throw new Error(`Run "${runId}" was deleted while it was created`);
      }
      return { summary };
    }
    const { number, created_at } = inserted;
    const summaryRow: RunSummaryRow = {
      ...NO_LINKS,
      ...row,
      ...inserted,
      status: 'running',
      waiting: null,
      admitted_at: created_at,
      failure: null,
      steps_done: 0,
      version: 1,
      started_at: created_at,
      ended_at: null,
    };
    return {
      summary: toRunSummary(
        summaryRow,
        this.#around(summaryRow, NO_QUEUE, NO_HELD_RUNS),
      ),
      claimed: {
        lease: { runId, owner: owner.owner, fencingToken: 1 },
        number,
        definition,
        input: { ...toRunInput(options), run: { id: runId, number } },
        initiator: row.initiator,
        depth: row.depth,
        application:
          row.application_environment && row.application_name
            ? {
                environment: row.application_environment,
                name: row.application_name,
              }
            : undefined,
        seq: 0,
        version: 1,
        grouped: false,
        isFresh: true,
      },
    };
  }

  async countQueued(options: { team: string; most: number }): Promise<number> {
    const found = await this.#knex('workflow_runs')
      .where('team', options.team)
      .whereRaw('ended_at is null and started_at is null and depth = 0')
      .limit(options.most)
      .select('id');
    return found.length;
  }

  async get(idOrNumber: string): Promise<Run | undefined> {
    const row: RunRow | undefined = await this.#find(idOrNumber).first([
      ...SUMMARY_COLUMNS,
      'definition',
      'input',
      'outputs',
      'seq',
    ]);
    if (!row) {
      return undefined;
    }
    const [state, children, queue] = await Promise.all([
      this.#states.get(row.id, row.seq),
      this.#knex('workflow_runs')
        .where({ parent_run_id: row.id })
        .orderBy('number')
        .select('id', 'parent_step'),
      readQueue(this.#knex, [row]),
    ]);
    const held = await readHeldRuns(this.#knex, [
      fromOptionalJson(row.waiting),
      ...Object.values(state?.steps ?? {}).map(step => step.waiting),
    ]);
    const around = this.#around(row, queue, held);
    return toRun({ row, state, children, around });
  }

  async getSummary(idOrNumber: string): Promise<RunSummary | undefined> {
    const row: RunSummaryRow | undefined = await this.#find(idOrNumber).first(
      ...SUMMARY_COLUMNS,
    );
    if (!row) {
      return undefined;
    }
    const [summary] = await this.#toSummaries([row]);
    return summary;
  }

  async summaries(ids: string[]): Promise<Map<string, RunSummary>> {
    if (ids.length === 0) {
      return new Map();
    }
    const rows: RunSummaryRow[] = await this.#knex('workflow_runs')
      .whereIn('id', ids)
      .select(...SUMMARY_COLUMNS);
    const found = await this.#toSummaries(rows);
    return new Map(found.map(summary => [summary.id, summary]));
  }

  async identify(idOrNumber: string): Promise<RunIdentity | undefined> {
    const row: RunSummaryRow | undefined = await this.#find(idOrNumber).first(
      ...SUMMARY_COLUMNS,
    );
    return (
      row && {
        id: row.id,
        number: row.number,
        version: row.version,
        ended: row.ended_at !== null,
        waiting: fromOptionalJson(row.waiting),
        subject: toSubject(row),
      }
    );
  }

  async definition(id: string): Promise<WorkflowDefinition | undefined> {
    const row: { definition: string } | undefined = await this.#knex(
      'workflow_runs',
    )
      .where({ id })
      .first('definition');
    return row && fromJson<WorkflowDefinition>(row.definition);
  }

  async subjects(ids: string[]): Promise<Map<string, AccessSubject>> {
    const rows: RunSummaryRow[] = await this.#knex('workflow_runs')
      .whereIn('id', ids)
      .select(...SUMMARY_COLUMNS);
    return new Map(rows.map(row => [row.id, toSubject(row)]));
  }

  async list(
    options: ListRunsOptions,
    restrict: (query: Knex.QueryBuilder) => void = () => {},
  ): Promise<Page<RunSummary>> {
    const { limit, sort } = options;
    const query = this.#knex('workflow_runs')
      .modify(restrict)
      .modify(applyFilter, options.filter);
    const total = options.count
      ? query.clone().count({ count: '*' }).first()
      : undefined;
    // Numbers are given out in the order of creation, and are unique.
    applyKeyset(query, {
      columns: [{ column: 'number', descending: sort === '-createdAt' }],
      cursor:
        options.cursor === undefined
          ? undefined
          : decodeCursor(options.cursor, { sort, length: 1 }),
    });
    const rows: RunSummaryRow[] = await query
      .limit(limit + 1)
      .select(...SUMMARY_COLUMNS);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: await this.#toSummaries(page),
      nextCursor:
        rows.length > limit && last
          ? encodeCursor({ sort, values: [last.number] })
          : undefined,
      total: options.count ? Number((await total)?.count ?? 0) : undefined,
    };
  }

  async attempts(runId: string, step: string): Promise<StepAttempt[]> {
    return toAttempts(await this.#journal.read(runId), step);
  }

  async logs(options: ReadLogsOptions): Promise<RunLogLine[]> {
    const { id, ...rest } = options;
    const lines = await readLogLines(this.#knex, { runId: id, ...rest });
    return lines.map(toLogLine);
  }

  #find(idOrNumber: string): Knex.QueryBuilder {
    const query = this.#knex('workflow_runs');
    return /^\d{1,9}$/.test(idOrNumber)
      ? query.where({ number: Number(idOrNumber) })
      : query.where({ id: idOrNumber });
  }

  async #toSummaries(rows: RunSummaryRow[]): Promise<RunSummary[]> {
    const queue = await readQueue(this.#knex, rows);
    const held = await readHeldRuns(
      this.#knex,
      rows.map(row => fromOptionalJson(row.waiting)),
    );
    return rows.map(row => toRunSummary(row, this.#around(row, queue, held)));
  }

  #around(
    row: RunSummaryRow,
    queue: QueueFacts,
    held: HeldRuns,
  ): RunSurroundings {
    return {
      queue,
      held,
      unavailable: this.#runtimes.whyUnavailable(row.runtime),
    };
  }

  async #inherit(parentId: string): Promise<InheritedColumns> {
    const parent: InheritedColumns | undefined = await this.#knex(
      'workflow_runs',
    )
      .where({ id: parentId })
      .first(...INHERITED_COLUMNS);
    if (!parent) {
      throw new NotFoundError(`There is no run "${parentId}" to nest a run in`);
    }
    const depth = parent.depth + 1;
    if (depth > MAX_RUN_DEPTH) {
      throw new InputError(nestedTooDeep());
    }
    return { ...parent, depth };
  }
}

function toSubject(row: RunSummaryRow): AccessSubject {
  return {
    owner: row.application_owner ?? undefined,
    environment: row.application_environment ?? undefined,
    environmentType: row.application_environment_type ?? undefined,
    goldenPath: row.golden_path ?? undefined,
    initiator: row.initiator,
  };
}

function applyFilter(
  query: Knex.QueryBuilder,
  filter: ListRunsOptions['filter'],
): void {
  for (const [name, values] of Object.entries(filter)) {
    if (values) {
      query.whereIn(
        FILTER_COLUMNS[name as keyof ListRunsOptions['filter']],
        values,
      );
    }
  }
  if (!filter.parentRun) {
    query.whereNull('parent_run_id');
    if (!filter.purpose) {
      query.whereNull('purpose');
    }
  }
}
