// @ts-check

/**
 * Which runtime works on a run, and what a runtime outside of this database
 * needs: attempts that processes have taken, and who was told of what.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('workflow_runs', table => {
    table.text('runtime').notNullable().defaultTo('embedded');
    table.text('runtime_waits_at').comment('Where its runtime can be told');
    table.bigInteger('submitted_at').comment('Last handed to its runtime');
  });
  // Nothing in it while all runs are embedded ones.
  await knex.raw(
    "create index workflow_runs_runtime_idx on workflow_runs (runtime, submitted_at) where ended_at is null and runtime <> 'embedded'",
  );
  await knex.schema.alterTable('run_signals', table => {
    table.bigInteger('notified_at').comment('Last told to its runtime');
  });

  await knex.schema.createTable('step_claims', table => {
    table.comment(
      'Which process carries out which attempt, and what came of it',
    );
    table.text('run_id').notNullable();
    table.text('step').notNullable();
    table.integer('attempt').notNullable();
    table.integer('fencing_token').notNullable();
    table.text('owner').notNullable();
    table.bigInteger('expires_at').notNullable();
    table.integer('log_lines').notNullable().defaultTo(0);
    table.text('outcome', 'longtext').comment('Event, JSON; empty until over');
    table.primary(['run_id', 'step']);
  });
  await knex.raw(
    'create index step_claims_owner_idx on step_claims (owner) where outcome is null',
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('step_claims');
  await knex.raw('drop index workflow_runs_runtime_idx');
  // Not `dropColumn`, which copies the whole table on SQLite.
  for (const [table, column] of [
    ['run_signals', 'notified_at'],
    ['workflow_runs', 'submitted_at'],
    ['workflow_runs', 'runtime_waits_at'],
    ['workflow_runs', 'runtime'],
  ]) {
    await knex.raw('alter table ?? drop column ??', [table, column]);
  }
};
