import { Knex } from 'knex';
import { toOptionalJson } from '../database';
import { lockEnvironment } from './environmentUse';
import { EnvironmentRow, toEnvironmentRecord } from './rows';
import {
  EnvironmentDefinition,
  EnvironmentRecord,
  EnvironmentStore,
  NewEnvironment,
} from './types';

/** Whoever took a notice and says nothing for so long has died. */
const NOTICE_ABANDONED_MS = 60_000;

/** {@link EnvironmentStore} in the plugin's database. */
export class DatabaseEnvironmentStore implements EnvironmentStore {
  readonly #knex: Knex;

  static create(knex: Knex): DatabaseEnvironmentStore {
    return new DatabaseEnvironmentStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  within(transaction: Knex.Transaction): EnvironmentStore {
    return new DatabaseEnvironmentStore(transaction);
  }

  async list(): Promise<EnvironmentRecord[]> {
    const rows =
      await this.#knex<EnvironmentRow>('environments').orderBy('name');
    return rows.map(toEnvironmentRecord);
  }

  async get(name: string): Promise<EnvironmentRecord | undefined> {
    return this.#first({ name });
  }

  async findCopy(key: string): Promise<EnvironmentRecord | undefined> {
    return this.#first({ copy_key: key });
  }

  async countCopies(of: readonly string[]): Promise<Map<string, number>> {
    if (of.length === 0) {
      return new Map();
    }
    const rows: Array<{ copy_of: string; count: number | string }> =
      await this.#knex('environments')
        .whereIn('copy_of', of)
        .groupBy('copy_of')
        .select({ copy_of: 'copy_of' })
        .count({ count: '*' });
    return new Map(rows.map(row => [row.copy_of, Number(row.count)]));
  }

  async insert(
    environment: NewEnvironment & { now: number },
  ): Promise<boolean> {
    const { definition, copy, expiresAt, createdBy, now } = environment;
    const inserted = await this.#knex('environments')
      .insert({
        name: definition.name,
        type: definition.type,
        definition: JSON.stringify(definition),
        version: 1,
        state: 'active',
        copy_of: copy?.of ?? null,
        copy_key: copy?.key ?? null,
        copy_source: toOptionalJson(copy?.source),
        expires_at: expiresAt ?? null,
        expiry_set_at: expiresAt === undefined ? null : now,
        created_by: createdBy,
        created_at: now,
        updated_at: now,
      })
      .onConflict()
      .ignore()
      .returning('name');
    return inserted.length > 0;
  }

  async update(options: {
    version: number;
    definition: EnvironmentDefinition;
    expiresAt: number | undefined;
    now: number;
  }): Promise<boolean> {
    const { version, definition, now } = options;
    const expiresAt = options.expiresAt ?? null;
    const isSame = this.#knex.raw(
      'case when expires_at = ? then expiry_set_at else ? end',
      [expiresAt, expiresAt === null ? null : now],
    );
    const noticed = (column: string) =>
      this.#knex.raw(`case when expires_at = ? then ${column} else null end`, [
        expiresAt,
      ]);
    const updated = await this.#knex('environments')
      .where({ name: definition.name, version, state: 'active' })
      .update({
        type: definition.type,
        definition: JSON.stringify(definition),
        version: version + 1,
        expires_at: expiresAt,
        // Another end is announced anew.
        expiry_set_at: isSame,
        noticed_ms: noticed('noticed_ms'),
        notice_ms: noticed('notice_ms'),
        notice_at: noticed('notice_at'),
        updated_at: now,
      });
    return updated === 1;
  }

  async markRemoving(options: {
    name: string;
    now: number;
    version?: number;
    expiredAt?: number;
  }): Promise<boolean> {
    const { name, now, version, expiredAt } = options;
    const updated = await this.#knex('environments')
      .where({
        name,
        state: 'active',
        ...(version === undefined ? {} : { version }),
        ...(expiredAt === undefined ? {} : { expires_at: expiredAt }),
      })
      .update({
        state: 'removing',
        version: this.#knex.raw('version + 1'),
        updated_at: now,
      });
    return updated === 1;
  }

  async deleteRemoved(name: string): Promise<boolean> {
    return this.#knex.transaction(async transaction => {
      // Whoever deploys there holds the same lock while it looks at the state.
      await lockEnvironment(transaction, name);
      const deleted = await transaction('environments')
        .where({ name, state: 'removing' })
        .whereNotExists(applications =>
          applications
            .select(transaction.raw('1'))
            .from('applications')
            .where({ environment: name })
            .whereNull('deleted_at'),
        )
        .delete();
      return deleted === 1;
    });
  }

  async takeNotice(options: {
    name: string;
    noticeMs: number;
    expiresAt: number;
    now: number;
  }): Promise<boolean> {
    const { name, noticeMs, expiresAt, now } = options;
    const updated = await this.#knex('environments')
      .where({ name, state: 'active', expires_at: expiresAt })
      .andWhere(noticed =>
        noticed.whereNull('noticed_ms').orWhere('noticed_ms', '>', noticeMs),
      )
      .andWhere(taken =>
        taken
          .whereNull('notice_ms')
          .orWhere('notice_ms', '<>', noticeMs)
          .orWhere('notice_at', '<', now - NOTICE_ABANDONED_MS),
      )
      .update({ notice_ms: noticeMs, notice_at: now });
    return updated === 1;
  }

  async settleNotice(options: {
    name: string;
    noticeMs: number;
  }): Promise<void> {
    const { name, noticeMs } = options;
    await this.#knex('environments')
      .where({ name, notice_ms: noticeMs })
      .update({ noticed_ms: noticeMs, notice_ms: null, notice_at: null });
  }

  async #first(
    where: Partial<EnvironmentRow>,
  ): Promise<EnvironmentRecord | undefined> {
    const row = await this.#knex<EnvironmentRow>('environments')
      .where(where)
      .first();
    return row && toEnvironmentRecord(row);
  }
}
