// @ts-check

/**
 * Whether what is there is still what is recorded, of resources and of the
 * manifests of applications.
 *
 * `drift_due_at` and `due_at` are the claims as well, as `health_due_at` is.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('resources', table => {
    table.text('drift_status');
    table.text('drift_message');
    table.text('drift_changes', 'longtext');
    table.text('drift_version');
    table.text('drift_run_id');
    table.bigInteger('drift_since');
    table.bigInteger('drift_checked_at');
    table.bigInteger('drift_due_at');
  });
  await knex.raw(
    'create index resources_drift_due_idx on resources (drift_due_at) where drift_due_at is not null',
  );
  await knex.schema.createTable('manifest_drift', table => {
    table.comment('The last look at the manifests of each application');
    table.text('application_id').primary();
    table.text('status');
    table.text('message');
    table.text('objects', 'longtext').comment('Only what is not as recorded');
    table.integer('object_count').notNullable().defaultTo(0);
    table.text('version').comment('Hash of what was found');
    table.text('accepted_version');
    table.text('accepted_by');
    table.text('accepted_reason');
    table.bigInteger('accepted_at');
    table.bigInteger('since');
    table.bigInteger('checked_at');
    table.bigInteger('due_at');
  });
  await knex.raw(
    'create index manifest_drift_due_idx on manifest_drift (due_at) where due_at is not null',
  );
  // What exists already is looked at as well; what cannot be is let go.
  await knex('resources')
    .whereIn('state', ['active', 'degraded'])
    .update({ drift_due_at: 0 });
  await knex.raw(
    'insert into manifest_drift (application_id, due_at) select id, 0 from applications where revision is not null and deleted_at is null',
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('manifest_drift');
  await knex.raw('drop index resources_drift_due_idx');
  await knex.schema.alterTable('resources', table => {
    table.dropColumns(
      'drift_status',
      'drift_message',
      'drift_changes',
      'drift_version',
      'drift_run_id',
      'drift_since',
      'drift_checked_at',
      'drift_due_at',
    );
  });
};
