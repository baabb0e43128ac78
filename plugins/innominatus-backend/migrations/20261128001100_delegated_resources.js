// @ts-check

/**
 * What systems outside report about resources that they make, and which runs
 * have a step above that waits for their end without a worker.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('workflow_runs', table => {
    table
      .boolean('parent_waits')
      .notNullable()
      .defaultTo(false)
      .comment('Its end wakes the step above');
  });
  await knex.schema.createTable('resource_callbacks', table => {
    table.comment('Where a system outside reports back, and what it said');
    table.text('id').primary();
    table.text('resource_id').notNullable();
    table.text('run_id').notNullable().comment('The run that opened it');
    table
      .text('secret_ref')
      .notNullable()
      .comment('What reports are signed with');
    table.text('waiting_run_id').comment('The run that waits for the report');
    table.text('waiting_step');
    table.text('status').notNullable().comment('open, succeeded or failed');
    table.text('message');
    table.text('link_url');
    table.text('link_title');
    table.text('outputs_ref').comment('The outputs, encrypted');
    table.text('digest').comment('Of the last report that was taken');
    table.integer('reports').notNullable().defaultTo(0);
    table.bigInteger('created_at').notNullable();
    table.bigInteger('expires_at').notNullable();
    table.bigInteger('reported_at');
    table.index(['resource_id', 'id'], 'resource_callbacks_resource_idx');
    table.index(['run_id'], 'resource_callbacks_run_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('resource_callbacks');
  // Not `dropColumn`, which copies the whole table on SQLite.
  await knex.raw('alter table ?? drop column ??', [
    'workflow_runs',
    'parent_waits',
  ]);
};
