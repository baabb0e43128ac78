// @ts-check

/**
 * What health checks said, and when a resource has to be looked at again.
 *
 * `health_due_at` is also the claim: who takes a resource moves it into the
 * future, and writes the result only if it still stands there.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('resources', table => {
    table.text('health_status');
    table.text('health_message');
    table.bigInteger('health_checked_at');
    table.integer('health_failures').notNullable().defaultTo(0);
    table.integer('health_successes').notNullable().defaultTo(0);
    table.bigInteger('health_due_at');
  });
  // Only resources that are checked are in it, those that are due first.
  await knex.raw(
    'create index resources_health_due_idx on resources (health_due_at) where health_due_at is not null',
  );
  // For what an application uses, however many others there are.
  await knex.schema.alterTable('resource_users', table => {
    table.index(['workload'], 'resource_users_workload_idx');
  });
  await knex.schema.createTable('resource_health', table => {
    table.comment('One row for each time in which the checks said the same');
    table.text('id').primary();
    table.text('resource_id').notNullable();
    table.text('status').notNullable();
    table.text('message').notNullable();
    table.integer('checks').notNullable();
    table.integer('duration_ms').notNullable().comment('Of the last check');
    table.bigInteger('first_at').notNullable();
    table.bigInteger('last_at').notNullable();
    table.index(['resource_id', 'id'], 'resource_health_resource_idx');
    table.index(['last_at'], 'resource_health_last_idx');
  });
  // What exists already is looked at as well; types without a check are let go.
  await knex('resources')
    .whereIn('state', ['active', 'degraded'])
    .update({ health_due_at: 0 });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('resource_health');
  await knex.schema.alterTable('resource_users', table => {
    table.dropIndex(['workload'], 'resource_users_workload_idx');
  });
  await knex.raw('drop index resources_health_due_idx');
  await knex.schema.alterTable('resources', table => {
    table.dropColumns(
      'health_status',
      'health_message',
      'health_checked_at',
      'health_failures',
      'health_successes',
      'health_due_at',
    );
  });
};
