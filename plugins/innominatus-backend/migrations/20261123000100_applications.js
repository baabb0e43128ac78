// @ts-check

// Times are milliseconds since the epoch, JSON is text: the same on SQLite and
// PostgreSQL. Owner and environment type are copied onto every row that a list
// is read from, so that permission conditions become plain SQL.

const RESOURCE_STATES = [
  'requested',
  'provisioning',
  'active',
  'updating',
  'degraded',
  'terminating',
  'terminated',
  'failed',
];

const TRANSITIONS = [
  'requested>provisioning',
  'requested>failed',
  'provisioning>active',
  'provisioning>failed',
  'active>updating',
  'active>degraded',
  'active>terminating',
  'active>failed',
  'updating>active',
  'updating>failed',
  'degraded>active',
  'degraded>terminating',
  'degraded>failed',
  'terminating>terminated',
  'terminating>failed',
  'failed>provisioning',
  'failed>terminating',
];

/** @param {string[]} values */
const list = values => values.map(value => `'${value}'`).join(', ');

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('applications', table => {
    table.string('id', 36).primary();
    table.string('environment', 63).notNullable();
    table.string('environment_type', 63).notNullable();
    table.string('name', 63).notNullable();
    table.string('entity_ref', 255).nullable();
    table.string('owner', 255).nullable();
    table.string('status', 16).notNullable().defaultTo('none');
    table.string('version', 512).nullable();
    table.integer('revision').nullable();
    table.integer('last_revision').notNullable().defaultTo(0);
    table.integer('last_number').notNullable().defaultTo(0);
    table.string('last_deployment_id', 36).nullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
    // Deleted applications keep their history.
    table.bigInteger('deleted_at').nullable();
    table.unique(['environment', 'name']);
    table.index(['entity_ref']);
    table.index(['updated_at', 'id']);
  });

  await knex.schema.createTable('application_revisions', table => {
    table.string('id', 36).primary();
    table
      .string('application_id', 36)
      .notNullable()
      .references('id')
      .inTable('applications')
      .onDelete('CASCADE');
    table.integer('number').notNullable();
    table.text('score').notNullable();
    table.string('score_hash', 64).notNullable();
    table.string('version', 512).nullable();
    table.string('created_by', 255).notNullable();
    table.bigInteger('created_at').notNullable();
    table.unique(['application_id', 'number']);
  });

  await knex.schema.createTable('deployments', table => {
    table.string('id', 36).primary();
    table
      .string('application_id', 36)
      .notNullable()
      .references('id')
      .inTable('applications')
      .onDelete('CASCADE');
    table.integer('number').notNullable();
    table.string('environment', 63).notNullable();
    table.string('environment_type', 63).notNullable();
    table.string('name', 63).notNullable();
    table.string('owner', 255).nullable();
    table.string('action', 16).notNullable();
    table.string('status', 16).notNullable();
    table.integer('revision').notNullable();
    table.string('golden_path', 128).notNullable();
    table.string('plan_hash', 64).notNullable();
    table.string('run_id', 36).notNullable();
    table.integer('run_number').nullable();
    // What the run is started with; empty once the run exists.
    table.text('run_request').nullable();
    // What steps need to know about the deployment: resources and their ids.
    table.text('work').notNullable();
    table.text('changes').notNullable();
    table.text('failure').nullable();
    table.string('created_by', 255).notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('ended_at').nullable();
    table.unique(['application_id', 'number']);
    table.unique(['run_id']);
    table.index(['created_at', 'id']);
    table.index(['status']);
  });

  await knex.schema.createTable('plans', table => {
    table.string('id', 36).primary();
    table.string('environment', 63).notNullable();
    table.string('environment_type', 63).notNullable();
    table.string('name', 63).notNullable();
    table.string('owner', 255).nullable();
    table.string('hash', 64).notNullable();
    table.text('body').notNullable();
    table.string('created_by', 255).notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('expires_at').notNullable();
    table.index(['expires_at']);
  });

  await knex.schema.createTable('resources', table => {
    table.string('id', 36).primary();
    table.string('environment', 63).notNullable();
    table.string('environment_type', 63).notNullable();
    table.string('uid', 512).notNullable();
    table.string('name', 128).notNullable();
    table.string('type', 128).notNullable();
    table.string('class', 128).notNullable();
    table.string('shared_id', 255).nullable();
    // Workload that declared it first.
    table.string('workload', 63).notNullable();
    table.string('owner', 255).nullable();
    table.string('state', 16).notNullable();
    table.string('provider', 128).nullable();
    table.string('provider_version', 64).nullable();
    // As the Score spec declares them, placeholders and all.
    table.text('params').notNullable();
    // With the placeholders filled, as the provider got them last.
    table.text('resolved_params').nullable();
    table.string('params_hash', 64).nullable();
    // Uids of the resources that the placeholders name.
    table.text('depends_on').notNullable();
    table.text('outputs').notNullable();
    table.text('hints').notNullable();
    table.text('error').nullable();
    // Run that works, or worked last, on the resource.
    table.string('run_id', 36).nullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
    table.index(['environment', 'workload']);
    table.index(['updated_at', 'id']);
    table.check(`state in (${list(RESOURCE_STATES)})`);
  });
  // What was terminated stays as history; of the living there is one.
  await knex.raw(
    "create unique index resources_living_uid on resources (environment, uid) where state <> 'terminated'",
  );

  await knex.schema.createTable('resource_users', table => {
    table
      .string('resource_id', 36)
      .notNullable()
      .references('id')
      .inTable('resources')
      .onDelete('CASCADE');
    table.string('workload', 63).notNullable();
    // Name of the resource in the Score spec of this workload.
    table.string('name', 128).notNullable();
    table.primary(['resource_id', 'workload', 'name']);
  });

  await knex.schema.createTable('resource_transitions', table => {
    table.string('id', 36).primary();
    table
      .string('resource_id', 36)
      .notNullable()
      .references('id')
      .inTable('resources')
      .onDelete('CASCADE');
    table.string('from_state', 16).notNullable();
    table.string('to_state', 16).notNullable();
    table.text('reason').notNullable();
    table.string('by', 255).notNullable();
    table.string('run_id', 36).nullable();
    table.bigInteger('at').notNullable();
    table.index(['resource_id', 'id']);
    // Every change of state writes a row here in the same transaction, so the
    // database itself refuses a transition that does not exist.
    table.check(`from_state || '>' || to_state in (${list(TRANSITIONS)})`);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('resource_transitions');
  await knex.schema.dropTable('resource_users');
  await knex.schema.dropTable('resources');
  await knex.schema.dropTable('plans');
  await knex.schema.dropTable('deployments');
  await knex.schema.dropTable('application_revisions');
  await knex.schema.dropTable('applications');
};
