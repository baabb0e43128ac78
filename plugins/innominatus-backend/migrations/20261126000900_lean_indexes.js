// @ts-check

// Most runs have no parent, and many belong to no application. An index on a
// column that is empty for them has no use for them, and every change of a run
// that cannot stay on its page pays for each index.
const PARTIAL = {
  workflow_runs_parent_idx: ['parent_run_id'],
  workflow_runs_application_idx: [
    'application_environment',
    'application_name',
  ],
  workflow_runs_entity_idx: ['application_entity_ref'],
  workflow_runs_owner_idx: ['application_owner'],
  workflow_runs_golden_path_idx: ['golden_path'],
};

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  for (const [index, columns] of Object.entries(PARTIAL)) {
    await knex.raw(`drop index ${index}`);
    await knex.raw(
      `create index ${index} on workflow_runs (${columns.join(', ')}, number) where ${columns[0]} is not null`,
    );
  }
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const [index, columns] of Object.entries(PARTIAL)) {
    await knex.raw(`drop index ${index}`);
    await knex.raw(
      `create index ${index} on workflow_runs (${columns.join(', ')}, number)`,
    );
  }
};
