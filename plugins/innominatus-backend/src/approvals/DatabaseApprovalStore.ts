import { Page } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import {
  applyKeyset,
  decodeCursor,
  encodeCursor,
  isPostgres,
  toNumber,
} from '../database';
import { ApprovalRow, toApprovalRecord } from './rows';
import {
  ApprovalRecord,
  ApprovalStore,
  ListApprovalsOptions,
  Restriction,
} from './types';

const FILTER_COLUMNS = {
  state: 'state',
  environment: 'application_environment',
  application: 'application_name',
} as const;

const UNANNOUNCED = '(announced_state is null or announced_state <> state)';

/** {@link ApprovalStore} in the plugin's database. */
export class DatabaseApprovalStore implements ApprovalStore {
  readonly #knex: Knex;

  static create(knex: Knex): DatabaseApprovalStore {
    return new DatabaseApprovalStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async get(id: string): Promise<ApprovalRecord | undefined> {
    const row = await this.#knex<ApprovalRow>('approvals')
      .where({ id })
      .first();
    return row && toApprovalRecord(row);
  }

  async list(
    options: ListApprovalsOptions,
    restrict: Restriction[],
  ): Promise<Page<ApprovalRecord>> {
    const { limit, sort, decidableBy } = options;
    const query = this.#knex('approvals').modify(applyFilter, options.filter);
    for (const restriction of restrict) {
      query.modify(restriction);
    }
    if (decidableBy) {
      this.#onlyDecidable(query, decidableBy);
    }
    const total = options.count
      ? query.clone().count({ count: '*' }).first()
      : undefined;
    const descending = sort === '-requestedAt';
    applyKeyset(query, {
      columns: [
        { column: 'requested_at', descending },
        { column: 'id', descending },
      ],
      cursor:
        options.cursor === undefined
          ? undefined
          : decodeCursor(options.cursor, { sort, length: 2 }),
    });
    const rows: ApprovalRow[] = await query.limit(limit + 1);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(toApprovalRecord),
      nextCursor:
        rows.length > limit && last
          ? encodeCursor({
              sort,
              values: [toNumber(last.requested_at), last.id],
            })
          : undefined,
      total: options.count ? Number((await total)?.count ?? 0) : undefined,
    };
  }

  async ofRun(runId: string): Promise<ApprovalRecord[]> {
    const rows = await this.#knex<ApprovalRow>('approvals')
      .where({ run_id: runId })
      .orderBy('round');
    return [...new Map(rows.map(row => [row.step, row])).values()].map(
      toApprovalRecord,
    );
  }

  async takeUnannounced(limit: number): Promise<ApprovalRecord[]> {
    const rows = await this.#knex<ApprovalRow>('approvals')
      .whereRaw(UNANNOUNCED)
      .orderBy('requested_at')
      .limit(limit);
    const taken: ApprovalRecord[] = [];
    for (const row of rows) {
      // Two replicas may have read it; one of them changes it.
      const changed = await this.#knex('approvals')
        .where({ id: row.id, state: row.state })
        .whereRaw(UNANNOUNCED)
        .update({ announced_state: row.state });
      if (changed === 1) {
        taken.push(toApprovalRecord(row));
      }
    }
    return taken;
  }

  /** Not LIKE, where parts of a ref could be wildcards. */
  #onlyDecidable(
    query: Knex.QueryBuilder,
    person: { user: string; refs: string[] },
  ): void {
    const position = isPostgres(this.#knex) ? 'strpos' : 'instr';
    const line = (ref: string) => `\n${ref.toLowerCase()}\n`;
    query
      .andWhere({ state: 'pending' })
      .andWhereRaw(`${position}(decided_by, ?) = 0`, [line(person.user)])
      .andWhere(inner =>
        inner
          .where('allow_requester', true)
          .orWhereRaw('lower(initiator) <> ?', [person.user.toLowerCase()]),
      )
      .andWhere(inner => {
        inner.whereNull('approvers');
        for (const ref of person.refs) {
          inner.orWhereRaw(`${position}(approvers, ?) > 0`, [line(ref)]);
        }
      });
  }
}

function applyFilter(
  query: Knex.QueryBuilder,
  filter: ListApprovalsOptions['filter'],
): void {
  for (const name of ['state', 'environment', 'application'] as const) {
    const values = filter[name];
    if (values) {
      query.whereIn(FILTER_COLUMNS[name], values);
    }
  }
  if (filter.run) {
    const isNumber = (text: string) => /^\d{1,9}$/.test(text);
    const numbers = filter.run.filter(isNumber).map(Number);
    const ids = filter.run.filter(text => !isNumber(text));
    query.where(inner =>
      inner.whereIn('run_number', numbers).orWhereIn('run_id', ids),
    );
  }
}
