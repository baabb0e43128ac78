import { Knex } from 'knex';
import { fromJson } from '../database';
import { PlanRecord, PlanStore } from './types';

interface PlanRow {
  id: string;
  environment: string;
  environment_type: string;
  name: string;
  owner: string | null;
  hash: string;
  body: string;
  parts: string | null;
  created_by: string;
  created_at: number | string;
  expires_at: number | string;
}

/**
 * Plans in the plugin's database: for as long as they can be used, and those
 * that were deployed as long as their deployment.
 */
export class DatabasePlanStore implements PlanStore {
  readonly #knex: Knex;

  static create(knex: Knex): DatabasePlanStore {
    return new DatabasePlanStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async insert(record: PlanRecord): Promise<void> {
    const { plan } = record;
    await this.#knex<PlanRow>('plans').insert({
      id: plan.id,
      environment: plan.environment,
      environment_type: record.environmentType,
      name: plan.name,
      owner: record.owner ?? null,
      hash: plan.hash,
      body: JSON.stringify(plan),
      parts: JSON.stringify(record.parts),
      created_by: plan.createdBy,
      created_at: Date.parse(plan.createdAt),
      expires_at: Date.parse(plan.expiresAt),
    });
  }

  async get(id: string): Promise<PlanRecord | undefined> {
    const row = await this.#knex<PlanRow>('plans')
      .where({ id })
      .where(this.#isKept)
      .first();
    return row && toPlanRecord(row);
  }

  async findByHash(options: {
    environment: string;
    name: string;
    hash: string;
  }): Promise<PlanRecord | undefined> {
    const row = await this.#knex<PlanRow>('plans')
      .where(options)
      .where(this.#isKept)
      .orderBy('id', 'desc')
      .first();
    return row && toPlanRecord(row);
  }

  async deleteExpired(): Promise<number> {
    return this.#knex<PlanRow>('plans')
      .where('expires_at', '<=', Date.now())
      .whereNotExists(this.#deployments)
      .delete();
  }

  readonly #isKept = (query: Knex.QueryBuilder) => {
    query.where('expires_at', '>', Date.now()).orWhereExists(this.#deployments);
  };

  readonly #deployments = (query: Knex.QueryBuilder) => {
    query
      .from('deployments')
      .whereRaw('deployments.plan_id = plans.id')
      .select(this.#knex.raw('1'));
  };
}

function toPlanRecord(row: PlanRow): PlanRecord {
  return {
    plan: fromJson(row.body),
    parts: fromJson(row.parts ?? '{}'),
    environmentType: row.environment_type,
    owner: row.owner ?? undefined,
  };
}
