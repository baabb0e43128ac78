// @ts-check

/**
 * What a run is for when nobody asked for it: to look at the health of a
 * resource, or whether it drifted. Such runs are not listed unless asked for,
 * and are kept for a shorter time.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('workflow_runs', table => {
    table.text('purpose');
  });
  // Only for retention; what people start is not in it.
  await knex.raw(
    'create index workflow_runs_purpose_idx on workflow_runs (ended_at, number) where purpose is not null',
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('drop index workflow_runs_purpose_idx');
  await knex.schema.alterTable('workflow_runs', table => {
    table.dropColumn('purpose');
  });
};
