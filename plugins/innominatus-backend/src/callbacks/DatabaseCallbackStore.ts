import { Knex } from 'knex';
import { toNumber } from '../database';
import {
  AwaitCallbackOptions,
  CallbackRecord,
  CallbackReport,
  CallbackStatus,
  CallbackStore,
  OpenCallbackOptions,
} from './types';

/** Of older ones nobody can expect an answer. */
const MOST_LISTED = 20;

interface CallbackRow {
  id: string;
  resource_id: string;
  run_id: string;
  secret_ref: string;
  waiting_run_id: string | null;
  waiting_step: string | null;
  status: CallbackStatus;
  message: string | null;
  link_url: string | null;
  link_title: string | null;
  outputs_ref: string | null;
  digest: string | null;
  reports: number;
  expires_at: number | string;
  run_ended_at: number | string | null;
}

/** {@link CallbackStore} in the plugin's database. */
export class DatabaseCallbackStore implements CallbackStore {
  readonly #knex: Knex;

  static create(knex: Knex): DatabaseCallbackStore {
    return new DatabaseCallbackStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async open(options: OpenCallbackOptions): Promise<CallbackRecord> {
    const { id, resourceId, runId, secretRef, expiresAt } = options;
    await this.#knex('resource_callbacks')
      .insert({
        id,
        resource_id: resourceId,
        run_id: runId,
        secret_ref: secretRef,
        status: 'open',
        created_at: Date.now(),
        expires_at: expiresAt,
      })
      .onConflict('id')
      .ignore();
    const record = await this.#get(id);
    if (!record) {
      throw new Error(`The callback "${id}" was deleted while it was opened`);
    }
    return record;
  }

  async listOf(resourceId: string): Promise<CallbackRecord[]> {
    const rows = await this.#rows()
      .where('c.resource_id', resourceId)
      .orderBy([
        { column: 'c.created_at', order: 'desc' },
        { column: 'c.id', order: 'desc' },
      ])
      .limit(MOST_LISTED);
    return rows.map(toRecord);
  }

  async await(
    options: AwaitCallbackOptions,
  ): Promise<CallbackRecord | undefined> {
    const { id, runId, step, expiresAt } = options;
    const mine = () =>
      this.#knex('resource_callbacks').where({ id, run_id: runId });
    await mine().whereNull('waiting_run_id').update({
      waiting_run_id: runId,
      waiting_step: step,
      expires_at: expiresAt,
    });
    const known = await mine().first('id');
    return known && this.#get(id);
  }

  async report(
    seen: CallbackRecord,
    report: CallbackReport,
  ): Promise<CallbackRecord | undefined> {
    const changed = await this.#knex('resource_callbacks')
      .where({ id: seen.id, status: 'open', reports: seen.reports })
      .update({
        status: report.status,
        message: report.message ?? null,
        link_url: report.link?.url ?? seen.link?.url ?? null,
        link_title: report.link
          ? (report.link.title ?? null)
          : (seen.link?.title ?? null),
        outputs_ref: report.outputsRef ?? null,
        digest: report.digest,
        reports: seen.reports + 1,
        reported_at: report.at,
      });
    return changed === 1 ? this.#get(seen.id) : undefined;
  }

  async #get(id: string): Promise<CallbackRecord | undefined> {
    const row: CallbackRow | undefined = await this.#rows()
      .where('c.id', id)
      .first();
    return row && toRecord(row);
  }

  #rows() {
    return this.#knex('resource_callbacks as c')
      .leftJoin('workflow_runs as r', 'r.id', 'c.run_id')
      .select<CallbackRow[]>('c.*', 'r.ended_at as run_ended_at');
  }
}

function toRecord(row: CallbackRow): CallbackRecord {
  return {
    id: row.id,
    resourceId: row.resource_id,
    runId: row.run_id,
    secretRef: row.secret_ref,
    waitingRunId: row.waiting_run_id ?? undefined,
    waitingStep: row.waiting_step ?? undefined,
    status: row.status,
    message: row.message ?? undefined,
    link:
      row.link_url === null
        ? undefined
        : {
            url: row.link_url,
            ...(row.link_title ? { title: row.link_title } : {}),
          },
    outputsRef: row.outputs_ref ?? undefined,
    digest: row.digest ?? undefined,
    reports: row.reports,
    expiresAt: toNumber(row.expires_at),
    runEnded: row.run_ended_at !== null,
  };
}
