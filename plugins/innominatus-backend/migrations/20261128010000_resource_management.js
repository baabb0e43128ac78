// @ts-check

/**
 * Who makes a resource, as its provider said at the last deployment. What is
 * there already is told apart with its next deployment.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(
    "alter table resources add column management varchar(16) not null default 'native' check (management in ('native', 'delegated', 'external'))",
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('alter table resources drop column management');
};
