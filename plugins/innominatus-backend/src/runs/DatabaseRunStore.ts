import { InputError, NotFoundError } from '@backstage/errors';
import {
  Page,
  Run,
  RunLogLine,
  RunSummary,
  StepAttempt,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { AccessSubject } from '../access/types';
import {
  applyKeyset,
  decodeCursor,
  encodeCursor,
  fromJson,
  fromOptionalJson,
  isPostgres,
  nowMs,
  nowPlusMs,
  toOptionalTimestamp,
  toTimestamp,
} from '../database';
import { RunStepRow, StepAttemptRow } from '../engine/projection';
import { EMBEDDED_ONLY, RunRuntimes } from '../runtimes/types';
import { QueueFacts, readQueue } from './queue';
import {
  LogRow,
  RunRow,
  RunSummaryRow,
  RunSurroundings,
  SUMMARY_COLUMNS,
  toLogLine,
  toRun,
  toRunSummary,
} from './rows';
import { RunGroup, teamOf } from './runGroups';
import { ReadLogsOptions, RunIdentity, RunStore } from './RunStore';
import { ListRunsOptions, StartRunOptions } from './types';

/** Parents of parents; deeper is more likely a loop than a plan. */
const MAX_DEPTH = 8;

/** One point of priority is worth this much waiting. */
export const AGING_MS = 60_000;

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
};

const INHERITED_COLUMNS = [
  'depth',
  'priority',
  'team',
  'golden_path',
  'application_environment',
  'application_environment_type',
  'application_name',
  'application_entity_ref',
  'application_owner',
  'deployment_id',
  'deployment_number',
] as const;

type InheritedColumns = Pick<
  RunSummaryRow,
  Exclude<(typeof INHERITED_COLUMNS)[number], 'depth' | 'team'>
> & { depth: number; team: string | null };

/** {@link RunStore} in the plugin's database. */
export class DatabaseRunStore implements RunStore {
  readonly #knex: Knex;
  readonly #runtimes: RunRuntimes;

  static create(
    knex: Knex,
    options: { runtimes?: RunRuntimes } = {},
  ): DatabaseRunStore {
    return new DatabaseRunStore(knex, options.runtimes ?? EMBEDDED_ONLY);
  }

  private constructor(knex: Knex, runtimes: RunRuntimes) {
    this.#knex = knex;
    this.#runtimes = runtimes;
  }

  async create(
    options: StartRunOptions & { runId: string; groups?: RunGroup[] },
  ): Promise<void> {
    const { application, definition, deployment, parentRun } = options;
    const inherited = parentRun ? await this.#inherit(parentRun.id) : undefined;
    const groups = await this.#groupsToTake(options);
    const priority =
      options.priority ?? inherited?.priority ?? definition.priority ?? 0;
    const row = {
      team: teamOf(options),
      ...inherited,
      id: options.runId,
      workflow: definition.name,
      title: options.title ?? null,
      status: 'queued',
      ...(options.goldenPath ? { golden_path: options.goldenPath } : {}),
      ...(application
        ? {
            application_environment: application.environment,
            application_environment_type: application.environmentType,
            application_name: application.name,
            application_entity_ref: application.entityRef ?? null,
            application_owner: application.owner ?? null,
          }
        : {}),
      ...(deployment
        ? {
            deployment_id: deployment.id,
            deployment_number: deployment.number,
          }
        : {}),
      initiator: options.initiator,
      runtime: this.#runtimes.current,
      parent_run_id: parentRun?.id ?? null,
      parent_step: parentRun?.step ?? null,
      concurrency_key: options.concurrencyKey ?? null,
      definition: JSON.stringify(definition),
      input: JSON.stringify({
        parameters: options.parameters,
        metadata: options.metadata ?? {},
        environment: options.environment,
        app: application ? { name: application.name } : undefined,
        initiator: options.initiator,
      }),
      steps_total: definition.steps.length,
      priority,
      queue_order: nowPlusMs(this.#knex, -priority * AGING_MS),
      grouped: groups.length > 0,
      admitted_at: groups.length > 0 ? null : nowMs(this.#knex),
      wake_at: nowMs(this.#knex),
      created_at: nowMs(this.#knex),
    };
    if (groups.length === 0) {
      await this.#knex('workflow_runs').insert(row).onConflict('id').ignore();
    } else {
      await this.#knex.transaction(trx => insertWithGroups(trx, row, groups));
    }
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
    ]);
    if (!row) {
      return undefined;
    }
    const [steps, children, queue] = await Promise.all([
      this.#knex<RunStepRow>('run_steps').where({ run_id: row.id }),
      this.#knex('workflow_runs')
        .where({ parent_run_id: row.id })
        .orderBy('number')
        .select('id', 'parent_step'),
      readQueue(this.#knex, [row]),
    ]);
    return toRun({ row, steps, children, around: this.#around(row, queue) });
  }

  async getSummary(idOrNumber: string): Promise<RunSummary | undefined> {
    const row: RunSummaryRow | undefined = await this.#find(idOrNumber).first(
      ...SUMMARY_COLUMNS,
    );
    if (!row) {
      return undefined;
    }
    const queue = await readQueue(this.#knex, [row]);
    return toRunSummary(row, this.#around(row, queue));
  }

  async summaries(ids: string[]): Promise<Map<string, RunSummary>> {
    if (ids.length === 0) {
      return new Map();
    }
    const rows: RunSummaryRow[] = await this.#knex('workflow_runs')
      .whereIn('id', ids)
      .select(...SUMMARY_COLUMNS);
    const queue = await readQueue(this.#knex, rows);
    return new Map(
      rows.map(row => [row.id, toRunSummary(row, this.#around(row, queue))]),
    );
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
    const queue = await readQueue(this.#knex, page);
    const last = page.at(-1);
    return {
      items: page.map(row => toRunSummary(row, this.#around(row, queue))),
      nextCursor:
        rows.length > limit && last
          ? encodeCursor({ sort, values: [last.number] })
          : undefined,
      total: options.count ? Number((await total)?.count ?? 0) : undefined,
    };
  }

  async attempts(runId: string, step: string): Promise<StepAttempt[]> {
    const rows: StepAttemptRow[] = await this.#knex('step_attempts')
      .where({ run_id: runId, step })
      .orderBy('attempt');
    return rows.map(row => ({
      attempt: row.attempt,
      status: row.status as StepAttempt['status'],
      startedAt: toTimestamp(Number(row.started_at)),
      endedAt: toOptionalTimestamp(row.ended_at),
      error: fromOptionalJson(row.error),
    }));
  }

  async logs(options: ReadLogsOptions): Promise<RunLogLine[]> {
    const { step, attempt, search } = options;
    const query = this.#knex('step_logs')
      .where({ run_id: options.id })
      .andWhere('seq', '>', options.after ?? 0)
      .orderBy('seq')
      .limit(options.limit);
    if (step !== undefined) {
      query.andWhere({ step });
    }
    if (attempt !== undefined) {
      query.andWhere({ attempt });
    }
    if (search) {
      // Not LIKE, where parts of the words could be wildcards.
      const position = isPostgres(this.#knex) ? 'strpos' : 'instr';
      query.andWhereRaw(`${position}(lower(text), lower(?)) > 0`, [search]);
    }
    const rows: LogRow[] = await query.select(
      'seq',
      'step',
      'attempt',
      'at',
      'level',
      'text',
    );
    return rows.map(toLogLine);
  }

  #find(idOrNumber: string): Knex.QueryBuilder {
    const query = this.#knex('workflow_runs');
    return /^\d{1,9}$/.test(idOrNumber)
      ? query.where({ number: Number(idOrNumber) })
      : query.where({ id: idOrNumber });
  }

  /** What a run above holds already is not taken again: it would wait for itself. */
  async #groupsToTake(options: {
    groups?: RunGroup[];
    parentRun?: { id: string };
  }): Promise<RunGroup[]> {
    const { groups = [], parentRun } = options;
    if (groups.length === 0 || !parentRun) {
      return groups;
    }
    const held: Array<{ group_key: string }> = await this.#knex
      .withRecursive('above', recursive =>
        recursive
          .from('workflow_runs')
          .where({ id: parentRun.id })
          .select('id', 'parent_run_id')
          .unionAll(next =>
            next
              .from('workflow_runs as r')
              .join('above as a', 'r.id', 'a.parent_run_id')
              .select('r.id', 'r.parent_run_id'),
          ),
      )
      .from('run_groups')
      .where('state', 'held')
      .whereIn('run_id', above => above.from('above').select('id'))
      .select('group_key');
    const keys = new Set(held.map(row => row.group_key));
    return groups.filter(group => !keys.has(group.key));
  }

  #around(row: RunSummaryRow, queue: QueueFacts): RunSurroundings {
    return {
      queue,
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
    if (depth > MAX_DEPTH) {
      throw new InputError(
        `Runs are nested deeper than ${MAX_DEPTH} levels. Check that no workflow starts itself.`,
      );
    }
    return { ...parent, depth };
  }
}

/** Nobody looks at the run before its groups are there. */
/** Answers the number of the run, or nothing when its id exists already. */
export async function insertWithGroups(
  trx: Knex.Transaction,
  row: object,
  groups: RunGroup[],
): Promise<number | undefined> {
  const [run] = await trx('workflow_runs')
    .insert(row)
    .onConflict('id')
    .ignore()
    .returning(['id', 'number', 'queue_order']);
  if (!run || groups.length === 0) {
    return run?.number;
  }
  await trx('run_groups').insert(
    groups.map(({ key, max }) => ({
      run_id: run.id,
      group_key: key,
      max_runs: max,
      state: 'new',
      queue_order: run.queue_order,
      run_number: run.number,
    })),
  );
  return run.number;
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
  }
}
