// @ts-check

const LINKS = ['retry_of', 'retried_by', 'undo_of', 'undone_by'];

/**
 * Runs that follow from an ended one: its retry and its undo. Each side knows
 * the other by id and number, so that lists need no second look-up.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('workflow_runs', table => {
    for (const link of LINKS) {
      table.text(link).comment('Id of a run');
      table.integer(`${link}_number`);
    }
    table
      .text('carried', 'longtext')
      .comment('What a retry takes over from the run before it, JSON');
  });
  // The last line of "one retry and one undo per run"; retention asks the same.
  for (const link of ['retry_of', 'undo_of']) {
    await knex.raw(
      `create unique index workflow_runs_${link}_idx on workflow_runs (${link}) where ${link} is not null`,
    );
  }
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const link of ['retry_of', 'undo_of']) {
    await knex.raw(`drop index workflow_runs_${link}_idx`);
  }
  await knex.schema.alterTable('workflow_runs', table => {
    for (const link of LINKS) {
      table.dropColumns(link, `${link}_number`);
    }
    table.dropColumn('carried');
  });
};
