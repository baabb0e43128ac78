// @ts-check

/**
 * The journal alone says what happened to the steps of a run: a row of it holds
 * all events of one turn, and the state of the steps is folded from them when
 * somebody asks. That halves what a step costs. The first event of a run takes
 * definition and input from the row of the run, which therefore never change.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.dropTable('step_attempts');
  await knex.schema.dropTable('run_steps');
  if (isPostgres(knex)) {
    // The row of a run is updated at every turn; with room on its page that
    // needs no new entries in the indexes. The journal and its runs grow fast
    // enough for the defaults to come too late.
    await knex.raw('alter table workflow_runs set (fillfactor = 70)');
    await knex.raw(
      'alter table workflow_runs set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)',
    );
  }
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  if (isPostgres(knex)) {
    await knex.raw(
      'alter table workflow_runs reset (fillfactor, autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor)',
    );
  }
  await knex.schema.createTable('run_steps', table => {
    table.text('run_id').notNullable();
    table.text('name').notNullable();
    table.text('status').notNullable();
    table.integer('attempt').notNullable();
    table.bigInteger('started_at');
    table.bigInteger('ended_at');
    table.text('outputs', 'longtext').notNullable();
    table.text('error', 'longtext');
    table.text('skip_reason', 'longtext');
    table.text('waiting', 'longtext');
    table.primary(['run_id', 'name']);
  });
  await knex.schema.createTable('step_attempts', table => {
    table.text('run_id').notNullable();
    table.text('step').notNullable();
    table.integer('attempt').notNullable();
    table.text('status').notNullable();
    table.bigInteger('started_at').notNullable();
    table.bigInteger('ended_at');
    table.text('error', 'longtext');
    table.primary(['run_id', 'step', 'attempt']);
  });
};

/** @param {import('knex').Knex} knex */
function isPostgres(knex) {
  return String(knex.client.config.client).includes('pg');
}
