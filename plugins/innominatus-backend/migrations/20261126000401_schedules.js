// @ts-check

/**
 * When workflows are started by themselves. What a definition says is copied
 * here, so that a change of it is noticed by whoever reads it first.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('schedules', table => {
    table.text('name').primary();
    table.text('kind').notNullable();
    table.text('definition', 'longtext').notNullable().comment('As read, JSON');
    table
      .bigInteger('next_at')
      .comment('Empty while paused, switched off, removed or over');
    table.text('paused_by');
    table.bigInteger('paused_at');
    table.bigInteger('removed_at').comment('Its definition is gone');
    table
      .bigInteger('pending_at')
      .comment('Time whose run was decided on, and is not known to be there');
    table.bigInteger('last_at').comment('Last time that came');
    table.text('last_outcome').comment('started, skipped, missed or failed');
    table.text('last_message', 'longtext');
    table.text('last_run_id');
  });
  await knex.raw(
    'create index schedules_next_idx on schedules (next_at) where next_at is not null',
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('schedules');
};
