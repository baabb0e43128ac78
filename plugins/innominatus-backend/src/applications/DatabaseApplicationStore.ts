import { Page } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import {
  applyKeyset,
  decodeCursor,
  encodeCursor,
  newId,
  toNumber,
} from '../database';
import {
  ApplicationRow,
  RevisionRow,
  toApplicationRecord,
  toRevisionRecord,
} from './rows';
import {
  ApplicationPatch,
  ApplicationRecord,
  ApplicationSeed,
  ApplicationStore,
  ListApplicationsOptions,
  RevisionRecord,
} from './types';

const FILTER_COLUMNS = {
  environment: 'environment',
  name: 'name',
  entityRef: 'entity_ref',
  owner: 'owner',
} as const;

/** Applications and their revisions in the plugin's database. */
export class DatabaseApplicationStore implements ApplicationStore {
  readonly #knex: Knex;

  static create(knex: Knex): DatabaseApplicationStore {
    return new DatabaseApplicationStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  within(transaction: Knex.Transaction): ApplicationStore {
    return new DatabaseApplicationStore(transaction);
  }

  async find(options: {
    environment: string;
    name: string;
  }): Promise<ApplicationRecord | undefined> {
    const row = await this.#knex<ApplicationRow>('applications')
      .where({ environment: options.environment, name: options.name })
      .first();
    return row && toApplicationRecord(row);
  }

  async get(id: string): Promise<ApplicationRecord | undefined> {
    const row = await this.#knex<ApplicationRow>('applications')
      .where({ id })
      .first();
    return row && toApplicationRecord(row);
  }

  async list(
    options: ListApplicationsOptions,
  ): Promise<Page<ApplicationRecord>> {
    const { filter, limit, sort } = options;
    const restrict = (query: Knex.QueryBuilder) => {
      options.restrict(query);
      query.whereNull('deleted_at');
      for (const [field, column] of Object.entries(FILTER_COLUMNS)) {
        const values = filter[field as keyof typeof FILTER_COLUMNS];
        if (values) {
          query.whereIn(column, values);
        }
      }
      if (filter.status) {
        this.#restrictStatus(query, filter.status);
      }
    };
    const descending = sort.startsWith('-');
    const column: 'name' | 'updated_at' =
      sort.replace('-', '') === 'name' ? 'name' : 'updated_at';
    const query = this.#knex<ApplicationRow>('applications').limit(limit + 1);
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
    const rows: ApplicationRow[] = await query;
    const last = rows[limit - 1];
    return {
      items: rows.slice(0, limit).map(toApplicationRecord),
      nextCursor:
        rows.length > limit
          ? encodeCursor({
              sort,
              values: [
                column === 'name' ? last.name : toNumber(last.updated_at),
                last.id,
              ],
            })
          : undefined,
      total: options.count ? await this.#count(restrict) : undefined,
    };
  }

  async revision(options: {
    applicationId: string;
    number: number;
  }): Promise<RevisionRecord | undefined> {
    const row = await this.#knex<RevisionRow>('application_revisions')
      .where({
        application_id: options.applicationId,
        number: options.number,
      })
      .first();
    return row && toRevisionRecord(row);
  }

  async currentRevisions(ids: string[]): Promise<Map<string, RevisionRecord>> {
    const rows: RevisionRow[] = await this.#knex('application_revisions')
      .join('applications', join => {
        join
          .on('applications.id', 'application_revisions.application_id')
          .andOn('applications.revision', 'application_revisions.number');
      })
      .whereIn('applications.id', ids)
      .select('application_revisions.*');
    return new Map(
      rows.map(row => [row.application_id, toRevisionRecord(row)]),
    );
  }

  async revisions(options: {
    applicationId: string;
    limit: number;
    before?: number;
  }): Promise<RevisionRecord[]> {
    const query = this.#knex<RevisionRow>('application_revisions')
      .where({ application_id: options.applicationId })
      .orderBy('number', 'desc')
      .limit(options.limit);
    if (options.before !== undefined) {
      query.where('number', '<', options.before);
    }
    return (await query).map(toRevisionRecord);
  }

  async claimNumber(
    seed: ApplicationSeed,
  ): Promise<{ application: ApplicationRecord; number: number }> {
    const { environment, name } = seed;
    const now = Date.now();
    const known = {
      environment_type: seed.environmentType,
      ...(seed.entityRef ? { entity_ref: seed.entityRef } : {}),
      ...(seed.owner ? { owner: seed.owner } : {}),
    };
    await this.#knex('applications')
      .insert({
        id: newId(now),
        environment,
        name,
        ...known,
        status: 'none',
        created_at: now,
        updated_at: now,
      })
      .onConflict(['environment', 'name'])
      .ignore();
    // The update locks the row, so two deployments never share a number.
    await this.#knex<ApplicationRow>('applications')
      .where({ environment, name })
      .update({ ...known, updated_at: now })
      .increment('last_number', 1);
    const row = await this.#knex<ApplicationRow>('applications')
      .where({ environment, name })
      .first();
    return { application: toApplicationRecord(row!), number: row!.last_number };
  }

  async addRevision(options: {
    applicationId: string;
    score: string;
    scoreHash: string;
    version?: string;
    createdBy: string;
  }): Promise<number> {
    const { applicationId: id } = options;
    const latest = await this.#knex<RevisionRow>('application_revisions')
      .where({ application_id: id })
      .orderBy('number', 'desc')
      .first('number', 'score_hash');
    if (latest?.score_hash === options.scoreHash) {
      return latest.number;
    }
    const number = (latest?.number ?? 0) + 1;
    const now = Date.now();
    await this.#knex('application_revisions').insert({
      id: newId(now),
      application_id: id,
      number,
      score: options.score,
      score_hash: options.scoreHash,
      version: options.version ?? null,
      created_by: options.createdBy,
      created_at: now,
    });
    await this.#knex('applications')
      .where({ id })
      .update({ last_revision: number });
    return number;
  }

  async monthlyCost(options: {
    environment: string;
    except?: string;
  }): Promise<number> {
    const query = this.#knex('applications')
      .where({ environment: options.environment })
      .whereNull('deleted_at')
      .sum({ total: 'monthly_cost' });
    if (options.except !== undefined) {
      query.whereNot({ id: options.except });
    }
    const [{ total }] = await query;
    return Number(total ?? 0);
  }

  async update(id: string, patch: ApplicationPatch): Promise<void> {
    await this.#knex<ApplicationRow>('applications')
      .where({ id })
      .update(toColumns(patch));
  }

  async updateAfter(
    id: string,
    options: { lastDeploymentId: string; patch: ApplicationPatch },
  ): Promise<boolean> {
    const changed = await this.#knex<ApplicationRow>('applications')
      .where({ id, last_deployment_id: options.lastDeploymentId })
      .update(toColumns(options.patch));
    return changed > 0;
  }

  /** Of a deployment in progress the run knows best how far it is. */
  #restrictStatus(query: Knex.QueryBuilder, statuses: string[]): void {
    const inProgress = this.#knex('deployments')
      .join('workflow_runs', 'workflow_runs.id', 'deployments.run_id')
      .whereIn(
        'workflow_runs.status',
        statuses.map(item => (item === 'pending' ? 'queued' : item)),
      )
      .select('deployments.id');
    query.where(group => {
      group.whereIn(
        'status',
        statuses.filter(item => item !== 'pending'),
      );
      group.orWhere(inner => {
        inner.where({ status: 'pending' });
        inner.whereIn('last_deployment_id', inProgress);
      });
    });
  }

  async #count(restrict: (query: Knex.QueryBuilder) => void): Promise<number> {
    const query = this.#knex('applications').count({ total: '*' });
    restrict(query);
    const [{ total }] = await query;
    return Number(total);
  }
}

function toColumns(patch: ApplicationPatch): Partial<ApplicationRow> {
  const columns: Partial<ApplicationRow> = { updated_at: Date.now() };
  if (patch.status !== undefined) {
    columns.status = patch.status;
  }
  if (patch.version !== undefined) {
    columns.version = patch.version;
  }
  if (patch.revision !== undefined) {
    columns.revision = patch.revision;
  }
  if (patch.lastDeploymentId !== undefined) {
    columns.last_deployment_id = patch.lastDeploymentId;
  }
  if (patch.monthlyCost !== undefined) {
    columns.monthly_cost = patch.monthlyCost;
  }
  if (patch.deletedAt !== undefined) {
    columns.deleted_at = patch.deletedAt;
  }
  return columns;
}
