// @ts-check

// People see the runs of their teams, and ask for those of one status. With an
// index on the owner alone such a list reads all runs of the owner when few of
// them have the status; runs without an application need no entry.

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(
    'create index workflow_runs_owner_status_idx on workflow_runs (application_owner, status, number) where application_owner is not null',
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('drop index workflow_runs_owner_status_idx');
};
