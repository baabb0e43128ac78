// @ts-check

/**
 * Indexes that keep the cost of background work apart from the number of runs
 * that are over.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  // Retention walks along it, and stops at the first run that is not due.
  await knex.raw(
    'create index workflow_runs_ended_idx on workflow_runs (ended_at, number) where ended_at is not null',
  );
  await knex.schema.alterTable('resources', table => {
    table.index(['run_id'], 'resources_run_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('drop index resources_run_idx');
  await knex.raw('drop index workflow_runs_ended_idx');
};
