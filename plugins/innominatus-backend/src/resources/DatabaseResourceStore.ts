import { ConflictError } from '@backstage/errors';
import {
  ApplicationHealth,
  Page,
  ResourceTransition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import {
  applyKeyset,
  decodeCursor,
  encodeCursor,
  newId,
  toNumber,
  toTimestamp,
} from '../database';
import { healthOf } from './healthOf';
import { removeResourceUser } from './removeResourceUser';
import { ResourceRow, toResourceRecord } from './rows';
import { transitionResource } from './transitionResource';
import {
  ListResourcesOptions,
  RequestResourceOptions,
  ResourceRecord,
  ResourceStore,
  ResourceUse,
  TransitionOptions,
} from './types';

const CHUNK = 500;

const SORT_COLUMNS = {
  updatedAt: 'updated_at',
  createdAt: 'created_at',
} as const;

/** Resources in the plugin's database. */
export class DatabaseResourceStore implements ResourceStore {
  readonly #knex: Knex;

  static create(knex: Knex): DatabaseResourceStore {
    return new DatabaseResourceStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  within(transaction: Knex.Transaction): ResourceStore {
    return new DatabaseResourceStore(transaction);
  }

  async get(id: string): Promise<ResourceRecord | undefined> {
    const row = await this.#knex<ResourceRow>('resources')
      .where({ id })
      .first();
    return row && toResourceRecord(row);
  }

  async findLiving(options: {
    environment: string;
    uid: string;
  }): Promise<ResourceRecord | undefined> {
    const row = await this.#knex<ResourceRow>('resources')
      .where({ environment: options.environment, uid: options.uid })
      .whereNot({ state: 'terminated' })
      .first();
    return row && toResourceRecord(row);
  }

  async findManyLiving(options: {
    environment: string;
    uids: string[];
  }): Promise<Map<string, ResourceRecord>> {
    const records = new Map<string, ResourceRecord>();
    for (const chunk of chunksOf(options.uids)) {
      const rows = await this.#knex<ResourceRow>('resources')
        .where({ environment: options.environment })
        .whereIn('uid', chunk)
        .whereNot({ state: 'terminated' });
      for (const row of rows) {
        records.set(row.uid, toResourceRecord(row));
      }
    }
    return records;
  }

  async listUsedBy(options: {
    environment: string;
    workload: string;
  }): Promise<ResourceRecord[]> {
    const rows: Array<ResourceRow & { user_name: string }> = await this.#knex(
      'resources',
    )
      .join('resource_users', 'resource_users.resource_id', 'resources.id')
      .where('resources.environment', options.environment)
      .where('resource_users.workload', options.workload)
      .whereNot('resources.state', 'terminated')
      .orderBy('resource_users.name')
      .select('resources.*', 'resource_users.name as user_name');
    return rows.map(row => ({
      ...toResourceRecord(row),
      // A shared resource may have another name in each Score spec.
      name: row.user_name,
    }));
  }

  async request(options: RequestResourceOptions): Promise<ResourceRecord> {
    const now = Date.now();
    // Of two workloads that ask for a shared resource at once, one inserts.
    await this.#knex('resources')
      .insert({
        id: newId(now),
        environment: options.environment,
        environment_type: options.environmentType,
        uid: options.uid,
        name: options.name,
        type: options.type,
        class: options.class,
        shared_id: options.sharedId ?? null,
        workload: options.workload,
        owner: options.owner ?? null,
        state: 'requested',
        provider: options.provider.name,
        provider_version: options.provider.version,
        management: options.management,
        params: JSON.stringify(options.params),
        depends_on: JSON.stringify(options.dependsOn),
        outputs: '{}',
        hints: '[]',
        created_at: now,
        updated_at: now,
      })
      .onConflict(
        this.#knex.raw("(environment, uid) where state <> 'terminated'"),
      )
      .ignore();
    const record = await this.findLiving(options);
    if (!record) {
      throw new Error(`The resource "${options.uid}" was not stored`);
    }
    if (record.sharedId !== options.sharedId) {
      throw new ConflictError(
        `The resource "${options.uid}" of "${options.workload}" belongs to "${record.workload}" already. Choose another "id" or another name.`,
      );
    }
    if (record.management !== options.management) {
      await this.#knex<ResourceRow>('resources')
        .where({ id: record.id })
        .update({ management: options.management });
    }
    const declared = JSON.stringify(options.declared ?? options.params);
    await this.#knex('resource_users')
      .where({ resource_id: record.id, workload: options.workload })
      .whereNot({ name: options.name })
      .delete();
    await this.#knex('resource_users')
      .insert({
        resource_id: record.id,
        workload: options.workload,
        name: options.name,
        leaving: false,
        declared,
      })
      .onConflict(['resource_id', 'workload', 'name'])
      .merge({ leaving: false, declared });
    return { ...record, management: options.management };
  }

  async transition(options: TransitionOptions): Promise<ResourceRecord> {
    if (this.#knex.isTransaction) {
      await transitionResource(this.#knex, options);
    } else {
      await this.#knex.transaction(transaction =>
        transitionResource(transaction, options),
      );
    }
    const row = await this.#knex<ResourceRow>('resources')
      .where({ id: options.id })
      .first();
    return toResourceRecord(row!);
  }

  async usersOf(id: string): Promise<string[]> {
    const rows = await this.#knex('resource_users')
      .where({ resource_id: id })
      .distinct('workload')
      .orderBy('workload');
    return rows.map(row => row.workload);
  }

  async usersOfMany(
    ids: string[],
    options: { staying?: boolean } = {},
  ): Promise<Map<string, string[]>> {
    const users = new Map<string, string[]>();
    for (const chunk of chunksOf(ids)) {
      const rows = await this.#knex('resource_users')
        .whereIn('resource_id', chunk)
        .where(options.staying ? { leaving: false } : {})
        .distinct('resource_id', 'workload')
        .orderBy('workload');
      for (const row of rows) {
        const known = users.get(row.resource_id) ?? [];
        users.set(row.resource_id, [...known, row.workload]);
      }
    }
    return users;
  }

  async usesOfMany(ids: string[]): Promise<Map<string, ResourceUse[]>> {
    const uses = new Map<string, ResourceUse[]>();
    for (const chunk of chunksOf(ids)) {
      const rows = await this.#knex('resource_users')
        .whereIn('resource_id', chunk)
        .where({ leaving: false })
        .orderBy(['workload', 'name']);
      for (const { resource_id: id, workload, declared } of rows) {
        const use = { workload, declared: JSON.parse(declared) };
        uses.set(id, [...(uses.get(id) ?? []), use]);
      }
    }
    return uses;
  }

  async noteLeaving(options: {
    workload: string;
    leaving: string[];
    staying: string[];
  }): Promise<void> {
    const { workload } = options;
    const note = async (ids: string[], leaving: boolean) => {
      for (const chunk of chunksOf(ids)) {
        await this.#knex('resource_users')
          .whereIn('resource_id', chunk)
          .where({ workload, leaving: !leaving })
          .update({ leaving });
      }
    };
    await note(options.leaving, true);
    await note(options.staying, false);
  }

  async removeUser(options: { id: string; workload: string }): Promise<void> {
    if (this.#knex.isTransaction) {
      await removeResourceUser(this.#knex, options);
    } else {
      await this.#knex.transaction(transaction =>
        removeResourceUser(transaction, options),
      );
    }
  }

  async list(options: ListResourcesOptions): Promise<Page<ResourceRecord>> {
    const { filter, limit, sort } = options;
    const restrict = (query: Knex.QueryBuilder) => {
      options.restrict(query);
      for (const [field, values] of Object.entries(filter)) {
        if (values) {
          query.whereIn(field, values);
        }
      }
      if (!filter.state) {
        query.whereNot({ state: 'terminated' });
      }
    };
    const column =
      SORT_COLUMNS[sort.replace('-', '') as keyof typeof SORT_COLUMNS];
    const descending = sort.startsWith('-');
    const query = this.#knex<ResourceRow>('resources').limit(limit + 1);
    restrict(query);
    applyKeyset(query, {
      columns: [
        { column, descending },
        { column: 'id', descending },
      ],
      cursor: options.cursor
        ? decodeCursor(options.cursor, { sort, length: 2 })
        : undefined,
    });
    const rows: ResourceRow[] = await query;
    const last = rows[limit - 1];
    return {
      items: rows.slice(0, limit).map(toResourceRecord),
      nextCursor:
        rows.length > limit
          ? encodeCursor({ sort, values: [toNumber(last[column]), last.id] })
          : undefined,
      total: options.count ? await this.#count(restrict) : undefined,
    };
  }

  async transitions(id: string): Promise<ResourceTransition[]> {
    const rows = await this.#knex('resource_transitions')
      .where({ resource_id: id })
      .orderBy('at')
      .orderBy('id');
    return rows.map(row => ({
      from: row.from_state,
      to: row.to_state,
      reason: row.reason,
      by: row.by,
      runId: row.run_id ?? undefined,
      at: toTimestamp(toNumber(row.at)),
    }));
  }

  async healthOf(
    applications: Array<{ environment: string; name: string }>,
  ): Promise<ApplicationHealth[]> {
    return healthOf(this.#knex, applications);
  }

  async #count(restrict: (query: Knex.QueryBuilder) => void): Promise<number> {
    const query = this.#knex('resources').count({ total: '*' });
    restrict(query);
    const [{ total }] = await query;
    return Number(total);
  }
}

/** So that no statement has more parameters than a database takes. */
function* chunksOf(values: string[]): Generator<string[]> {
  for (let start = 0; start < values.length; start += CHUNK) {
    yield values.slice(start, start + CHUNK);
  }
}
