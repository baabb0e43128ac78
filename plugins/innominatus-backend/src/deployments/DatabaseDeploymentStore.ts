import { Page } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import {
  applyKeyset,
  decodeCursor,
  encodeCursor,
  toNumber,
  toOptionalJson,
} from '../database';
import { DeploymentRow, toDeploymentRecord } from './rows';
import { DeploymentHold } from './holds';
import {
  DeploymentRecord,
  DeploymentStore,
  ListDeploymentsOptions,
  NewDeployment,
} from './types';

const RUN_STATUSES: Record<string, string[]> = {
  pending: ['queued'],
  running: ['running', 'waiting'],
  succeeded: ['succeeded'],
  failed: ['failed'],
  cancelled: ['cancelled'],
};

/** Deployments in the plugin's database. */
export class DatabaseDeploymentStore implements DeploymentStore {
  readonly #knex: Knex;

  static create(knex: Knex): DatabaseDeploymentStore {
    return new DatabaseDeploymentStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  within(transaction: Knex.Transaction): DeploymentStore {
    return new DatabaseDeploymentStore(transaction);
  }

  async insert(deployment: NewDeployment): Promise<void> {
    await this.#knex('deployments').insert({
      id: deployment.id,
      application_id: deployment.applicationId,
      number: deployment.number,
      environment: deployment.environment,
      environment_type: deployment.environmentType,
      name: deployment.name,
      owner: deployment.owner ?? null,
      action: deployment.action,
      status: 'pending',
      revision: deployment.revision,
      golden_path: deployment.goldenPath,
      plan_hash: deployment.planHash,
      run_id: deployment.runId,
      run_request: toOptionalJson(deployment.runRequest),
      work: JSON.stringify(deployment.work),
      changes: JSON.stringify(deployment.changes),
      plan_id: deployment.planId ?? null,
      request: toOptionalJson(deployment.request),
      approval_id: deployment.approvalId ?? null,
      monthly_cost: deployment.monthlyCost ?? null,
      created_by: deployment.createdBy,
      created_at: Date.now(),
    });
  }

  async get(id: string): Promise<DeploymentRecord | undefined> {
    const row = await this.#table().where({ id }).first();
    return row && toDeploymentRecord(row);
  }

  async getMany(ids: string[]): Promise<DeploymentRecord[]> {
    if (ids.length === 0) {
      return [];
    }
    return (await this.#table().whereIn('id', ids)).map(toDeploymentRecord);
  }

  async findByRun(runId: string): Promise<DeploymentRecord | undefined> {
    const row = await this.#table().where({ run_id: runId }).first();
    return row && toDeploymentRecord(row);
  }

  async list(options: ListDeploymentsOptions): Promise<Page<DeploymentRecord>> {
    const { filter, limit, sort } = options;
    const { status: statuses, ...equal } = filter;
    const restrict = (query: Knex.QueryBuilder) => {
      options.restrict(query);
      for (const [column, values] of Object.entries(equal)) {
        if (values) {
          query.whereIn(column, values);
        }
      }
      if (statuses) {
        this.#restrictStatus(query, statuses);
      }
    };
    const descending = sort.startsWith('-');
    const query = this.#table().limit(limit + 1);
    restrict(query);
    applyKeyset(query, {
      columns: [
        { column: 'created_at', descending },
        { column: 'id', descending },
      ],
      cursor: options.cursor
        ? decodeCursor(options.cursor, { sort, length: 2 })
        : undefined,
    });
    const rows: DeploymentRow[] = await query;
    const last = rows[limit - 1];
    return {
      items: rows.slice(0, limit).map(toDeploymentRecord),
      nextCursor:
        rows.length > limit
          ? encodeCursor({ sort, values: [toNumber(last.created_at), last.id] })
          : undefined,
      total: options.count ? await this.#count(restrict) : undefined,
    };
  }

  async listUnstarted(): Promise<DeploymentRecord[]> {
    const rows = await this.#table()
      .where({ status: 'pending' })
      .whereNotNull('run_request')
      .orderBy('created_at')
      .limit(100);
    return rows.map(toDeploymentRecord);
  }

  async listHeld(): Promise<DeploymentRecord[]> {
    const rows = await this.#table()
      .whereNull('ended_at')
      .whereNotNull('approval_id')
      .whereNull('run_number')
      .whereNull('run_request')
      .where(due =>
        due.whereNull('retry_at').orWhere('retry_at', '<=', Date.now()),
      )
      .orderBy('created_at')
      .limit(100);
    return rows.map(toDeploymentRecord);
  }

  async hold(options: { id: string; hold: DeploymentHold }): Promise<void> {
    const { id, hold } = options;
    await this.#table()
      .where({ id })
      .whereNull('ended_at')
      .whereNull('run_number')
      .whereNull('run_request')
      .update({ hold: JSON.stringify(hold), retry_at: hold.retryAt });
  }

  async release(options: {
    id: string;
    runRequest: DeploymentRecord['runRequest'];
    work: DeploymentRecord['work'];
    changes: string[];
  }): Promise<boolean> {
    const changed = await this.#table()
      .where({ id: options.id })
      .whereNull('ended_at')
      .whereNull('run_number')
      .whereNull('run_request')
      .update({
        run_request: toOptionalJson(options.runRequest),
        work: JSON.stringify(options.work),
        changes: JSON.stringify(options.changes),
        hold: null,
        retry_at: null,
      });
    return changed > 0;
  }

  async findByNumber(options: {
    applicationId: string;
    number: number;
  }): Promise<DeploymentRecord | undefined> {
    const row = await this.#table()
      .where({
        application_id: options.applicationId,
        number: options.number,
      })
      .first();
    return row && toDeploymentRecord(row);
  }

  async lastSucceeded(
    applicationId: string,
  ): Promise<DeploymentRecord | undefined> {
    const row = await this.#deploying(applicationId)
      .where({ status: 'succeeded' })
      .first();
    return row && toDeploymentRecord(row);
  }

  async succeededBefore(options: {
    applicationId: string;
    number: number;
    limit: number;
  }): Promise<DeploymentRecord[]> {
    const rows = await this.#deploying(options.applicationId)
      .where({ status: 'succeeded' })
      .where('number', '<', options.number)
      .limit(options.limit);
    return rows.map(toDeploymentRecord);
  }

  async lastOfRevision(options: {
    applicationId: string;
    revision: number;
  }): Promise<DeploymentRecord | undefined> {
    const { applicationId, revision } = options;
    const row =
      (await this.#deploying(applicationId)
        .where({ revision, status: 'succeeded' })
        .first()) ??
      (await this.#deploying(applicationId).where({ revision }).first());
    return row && toDeploymentRecord(row);
  }

  async markStarted(options: { id: string; runNumber: number }): Promise<void> {
    await this.#table().where({ id: options.id }).update({
      run_number: options.runNumber,
      run_request: null,
    });
  }

  async carryOn(options: {
    id: string;
    from: string;
    runId: string;
    runNumber: number;
  }): Promise<boolean> {
    const changed = await this.#table()
      .where({ id: options.id, run_id: options.from })
      .whereNotNull('ended_at')
      .update({
        run_id: options.runId,
        run_number: options.runNumber,
        status: 'pending',
        failure: null,
        ended_at: null,
      });
    return changed > 0;
  }

  async end(options: {
    id: string;
    runId: string;
    status: 'succeeded' | 'failed' | 'cancelled';
    failure?: DeploymentRecord['failure'];
    endedAt: number;
  }): Promise<boolean> {
    const changed = await this.#table()
      .where({ id: options.id, run_id: options.runId })
      .whereNull('ended_at')
      .update({
        status: options.status,
        failure: toOptionalJson(options.failure),
        ended_at: options.endedAt,
        run_request: null,
      });
    return changed > 0;
  }

  /** Until the result is recorded the run knows best how far it is. */
  #restrictStatus(query: Knex.QueryBuilder, statuses: string[]): void {
    const runStatuses = statuses.flatMap(status => RUN_STATUSES[status] ?? []);
    query.where(group => {
      group.whereIn(
        'status',
        statuses.filter(status => status !== 'pending'),
      );
      if (statuses.includes('pending')) {
        // Stored, but without a run yet.
        group.orWhere(inner => {
          inner.where({ status: 'pending' }).whereNull('run_number');
        });
      }
      group.orWhere(inner => {
        inner.where({ status: 'pending' });
        inner.whereIn(
          'run_id',
          this.#knex('workflow_runs')
            .whereIn('status', runStatuses)
            .select('id'),
        );
      });
    });
  }

  /** Latest first. */
  #deploying(applicationId: string) {
    return this.#table()
      .where({ application_id: applicationId })
      .whereNotIn('action', ['delete', 'deprovision'])
      .orderBy('number', 'desc');
  }

  #table() {
    return this.#knex<DeploymentRow>('deployments');
  }

  async #count(restrict: (query: Knex.QueryBuilder) => void): Promise<number> {
    const query = this.#knex('deployments').count({ total: '*' });
    restrict(query);
    const [{ total }] = await query;
    return Number(total);
  }
}
