import { Knex } from 'knex';

/** The two databases Backstage runs on differ in locking and in clocks. */
export function isPostgres(knex: Knex): boolean {
  return String(knex.client.config.client).includes('pg');
}
