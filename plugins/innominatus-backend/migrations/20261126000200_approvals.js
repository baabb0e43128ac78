// @ts-check

/**
 * Approvals are answered by people who look at them long after the run has
 * moved on, so they have rows of their own. What rules and lists look at is
 * copied from the run. Lists of entity refs are texts with one ref per line and
 * a line break at both ends, so that one ref can be searched for.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('approvals', table => {
    table.comment('Questions to people, with their answers');
    table.text('id').primary();
    table.text('run_id').notNullable();
    table.integer('run_number').notNullable();
    table.text('run_title');
    table.text('workflow').notNullable();
    table.text('step').notNullable();
    table.text('step_title');
    table.integer('attempt').notNullable();
    table.integer('round').notNullable();
    table.text('kind').notNullable();
    table.text('state').notNullable();
    table.text('policy', 'longtext').notNullable();
    table.text('decisions', 'longtext').notNullable();
    table.text('approvers', 'longtext').comment('Empty: whoever may decide');
    table.text('decided_by', 'longtext').notNullable();
    table.boolean('allow_requester').notNullable();
    table.text('golden_path');
    table.text('application_environment');
    table.text('application_environment_type');
    table.text('application_name');
    table.text('application_owner');
    table.text('initiator').notNullable();
    table.bigInteger('requested_at').notNullable();
    table.bigInteger('expires_at');
    table.bigInteger('decided_at');
    table.text('announced_state').comment('What others were told last');
    table.index(['run_id', 'round'], 'approvals_run_idx');
    table.index(['state', 'requested_at', 'id'], 'approvals_state_idx');
    table.index(['requested_at', 'id'], 'approvals_requested_idx');
  });
  // Looked at every few seconds, so its size must not grow with history.
  await knex.raw(
    'create index approvals_announce_idx on approvals (requested_at) where announced_state is null or announced_state <> state',
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('approvals');
};
