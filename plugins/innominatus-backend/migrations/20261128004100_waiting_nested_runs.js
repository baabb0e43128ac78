// @ts-check

// Nested runs that wait for a lock or a limit: there are few of them, and
// circles among them are looked for whenever a run has to wait.

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.raw(
    'create index workflow_runs_nested_waiting_idx on workflow_runs (number) where depth > 0 and admitted_at is null and ended_at is null',
  );
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('drop index workflow_runs_nested_waiting_idx');
};
