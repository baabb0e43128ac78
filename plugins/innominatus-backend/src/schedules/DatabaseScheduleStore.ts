import {
  ScheduleDefinition,
  ScheduleOutcome,
  nextTimes,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { toOptionalNumber } from '../database';
import { ScheduleState, ScheduleStore, ScheduledDefinition } from './types';

interface ScheduleRow {
  name: string;
  kind: string;
  definition: string;
  next_at: number | string | null;
  paused_by: string | null;
  paused_at: number | string | null;
  removed_at: number | string | null;
  pending_at: number | string | null;
  last_at: number | string | null;
  last_outcome: string | null;
  last_message: string | null;
  last_run_id: string | null;
}

/**
 * {@link ScheduleStore} in the plugin's database. Each change is one statement
 * that checks what it was decided on, so that of several replicas one wins.
 */
export class DatabaseScheduleStore implements ScheduleStore {
  readonly #knex: Knex;

  static create(knex: Knex): DatabaseScheduleStore {
    return new DatabaseScheduleStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async sync(options: {
    definitions: ScheduledDefinition[];
    now: number;
    removeOthers: boolean;
  }): Promise<void> {
    const { definitions, now } = options;
    const rows = new Map((await this.#all()).map(row => [row.name, row]));
    for (const { name, kind, schedule } of definitions) {
      const row = rows.get(name);
      const definition = JSON.stringify(schedule);
      const isSame =
        row?.definition === definition &&
        row.kind === kind &&
        row.removed_at === null;
      if (!row) {
        await this.#knex('schedules')
          .insert({
            name,
            kind,
            definition,
            next_at: nextOf(schedule, now) ?? null,
          })
          .onConflict('name')
          .ignore();
      } else if (!isSame) {
        // What was the next time by the old definition is not caught up on.
        await this.#knex('schedules')
          .where({ name, definition: row.definition, kind: row.kind })
          .update({
            kind,
            definition,
            removed_at: null,
            next_at:
              row.paused_by === null ? (nextOf(schedule, now) ?? null) : null,
          });
      }
    }
    if (options.removeOthers) {
      // The row stays: a schedule that comes back is paused if it was.
      await this.#knex('schedules')
        .whereNotIn(
          'name',
          definitions.map(({ name }) => name),
        )
        .whereNull('removed_at')
        .update({
          removed_at: now,
          next_at: null,
          pending_at: null,
          last_outcome: this.#knex.raw(
            "case when pending_at is null then last_outcome else 'failed' end",
          ),
          last_message: this.#knex.raw(
            'case when pending_at is null then last_message else ? end',
            ['The definition was removed before the run was started.'],
          ),
        });
    }
  }

  async get(name: string): Promise<ScheduleState | undefined> {
    return (await this.list([name])).get(name);
  }

  async list(names: string[]): Promise<Map<string, ScheduleState>> {
    const rows = await this.#knex<ScheduleRow>('schedules').whereIn(
      'name',
      names,
    );
    return new Map(rows.map(row => [row.name, toState(row)]));
  }

  async due(now: number): Promise<ScheduleState[]> {
    const rows = await this.#knex<ScheduleRow>('schedules')
      .where('next_at', '<=', now)
      .orWhereNotNull('pending_at')
      .orderBy('name');
    return rows.map(toState);
  }

  async nextDue(): Promise<number | undefined> {
    const row = await this.#knex('schedules')
      .whereNotNull('next_at')
      .min({ next: 'next_at' })
      .first();
    return toOptionalNumber(row?.next ?? null);
  }

  async decide(options: {
    name: string;
    expectedAt: number;
    nextAt: number | undefined;
    at: number;
    outcome: ScheduleOutcome;
    message?: string;
  }): Promise<boolean> {
    const { name, expectedAt, nextAt, at, outcome, message } = options;
    const updated = await this.#knex('schedules')
      .where({ name, next_at: expectedAt })
      .whereNull('pending_at')
      .update({
        next_at: nextAt ?? null,
        pending_at: outcome === 'started' ? at : null,
        last_at: at,
        last_outcome: outcome,
        last_message: message ?? null,
      });
    return updated === 1;
  }

  async settle(options: {
    name: string;
    pendingAt: number;
    runId?: string;
    failure?: string;
  }): Promise<void> {
    const { name, pendingAt, runId, failure } = options;
    await this.#knex('schedules')
      .where({ name, pending_at: pendingAt })
      .update({
        pending_at: null,
        ...(runId === undefined ? {} : { last_run_id: runId }),
        ...(failure === undefined
          ? {}
          : { last_outcome: 'failed', last_message: failure }),
      });
  }

  async recordRun(options: { name: string; runId: string }): Promise<void> {
    await this.#knex('schedules')
      .where({ name: options.name })
      .update({ last_run_id: options.runId });
  }

  async pause(options: {
    name: string;
    by: string;
    now: number;
  }): Promise<void> {
    await this.#knex('schedules')
      .where({ name: options.name })
      .whereNull('paused_by')
      .update({
        paused_by: options.by,
        paused_at: options.now,
        next_at: null,
      });
  }

  async resume(options: {
    name: string;
    nextAt: number | undefined;
  }): Promise<void> {
    await this.#knex('schedules')
      .where({ name: options.name })
      .whereNotNull('paused_by')
      .update({
        paused_by: null,
        paused_at: null,
        next_at: options.nextAt ?? null,
      });
  }

  async #all(): Promise<ScheduleRow[]> {
    return this.#knex<ScheduleRow>('schedules').select('*');
  }
}

/** Nothing comes next for a schedule that its file switches off. */
export function nextOf(
  schedule: ScheduleDefinition,
  after: number,
): number | undefined {
  return schedule.enabled ? nextTimes(schedule, { after })[0] : undefined;
}

function toState(row: ScheduleRow): ScheduleState {
  const lastAt = toOptionalNumber(row.last_at);
  return {
    name: row.name,
    nextAt: toOptionalNumber(row.next_at),
    paused:
      row.paused_by === null
        ? undefined
        : { by: row.paused_by, at: Number(row.paused_at) },
    pendingAt: toOptionalNumber(row.pending_at),
    last:
      lastAt === undefined
        ? undefined
        : {
            at: lastAt,
            outcome: row.last_outcome as ScheduleOutcome,
            message: row.last_message ?? undefined,
          },
    lastRunId: row.last_run_id ?? undefined,
  };
}
