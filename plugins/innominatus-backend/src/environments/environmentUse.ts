import { QuotaUse } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { isPostgres } from '../database/dialect';

/**
 * Holds others off who count what is in the environment, until the transaction
 * ends. SQLite has one writer anyway.
 */
export async function lockEnvironment(
  transaction: Knex.Transaction,
  name: string,
): Promise<void> {
  if (isPostgres(transaction)) {
    await transaction.raw(
      'select pg_advisory_xact_lock(hashtextextended(?, 0))',
      [`innominatus/environment/${name}`],
    );
  }
}

/** What is in an environment now, beside one application and what it changes. */
export async function countUse(
  knex: Knex,
  options: {
    environment: string;
    application: string;
    /** Resources that a deployment makes and takes away, by type. */
    changes: Record<string, number>;
  },
): Promise<QuotaUse> {
  const { environment, application, changes } = options;
  const present = await knex('applications')
    .where({ environment })
    .whereNull('deleted_at')
    .select<Array<{ name: string }>>('name');
  const rows: Array<{ type: string; count: number | string }> = await knex(
    'resources',
  )
    .where({ environment })
    .whereNot({ state: 'terminated' })
    .groupBy('type')
    .select('type')
    .count({ count: '*' });
  const counts = new Map(rows.map(row => [row.type, Number(row.count)]));
  const types = new Set([...counts.keys(), ...Object.keys(changes)]);
  return {
    environment,
    applications: {
      present: present.length,
      added: present.some(({ name }) => name === application) ? 0 : 1,
    },
    resources: Object.fromEntries(
      [...types].map(type => [
        type,
        { present: counts.get(type) ?? 0, added: changes[type] ?? 0 },
      ]),
    ),
  };
}

/** Whether an environment of the API is on its way out, or gone. */
export async function isLeaving(knex: Knex, name: string): Promise<boolean> {
  const row = await knex('environments').where({ name }).first('state');
  return row?.state !== 'active';
}
