// @ts-check

/**
 * Times are milliseconds since the epoch on the clock of the database. JSON is
 * kept as text: it is never searched, and `json` columns refuse strings that
 * JSON itself allows.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('workflow_runs', table => {
    table.comment('One row per run: what lists show and who works on it');
    table.increments('number').comment('Number for people; may have gaps');
    table.text('id').notNullable().unique().comment('UUIDv7, or derived');
    table.text('workflow').notNullable();
    table.text('golden_path');
    table.text('title');
    table.text('status').notNullable();
    table.text('waiting', 'longtext').comment('Why it waits, JSON');
    table.text('application_environment');
    table.text('application_environment_type');
    table.text('application_name');
    table.text('application_entity_ref');
    table.text('application_owner');
    table.text('deployment_id');
    table.integer('deployment_number');
    table.text('initiator').notNullable();
    table.text('parent_run_id');
    table.text('parent_step');
    table.integer('depth').notNullable().defaultTo(0);
    table.text('concurrency_key');
    table.text('definition', 'longtext').notNullable();
    table.text('input', 'longtext').notNullable();
    table.text('outputs', 'longtext').notNullable().defaultTo('{}');
    table.text('failure', 'longtext');
    table.integer('steps_total').notNullable();
    table.integer('steps_done').notNullable().defaultTo(0);
    table.integer('version').notNullable().defaultTo(1);
    table.integer('seq').notNullable().defaultTo(0).comment('Last event');
    table.text('lease_owner');
    table.bigInteger('lease_expires_at');
    table.integer('fencing_token').notNullable().defaultTo(0);
    table.bigInteger('wake_at').comment('When a worker has to look at it');
    table.boolean('end_handled').notNullable().defaultTo(false);
    table.bigInteger('end_retry_at').comment('Not before; also a short lease');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('started_at').comment('First claim');
    table.bigInteger('ended_at');
    table.index(['parent_run_id', 'number'], 'workflow_runs_parent_idx');
    table.index(
      ['application_environment', 'application_name', 'number'],
      'workflow_runs_application_idx',
    );
    table.index(
      ['application_entity_ref', 'number'],
      'workflow_runs_entity_idx',
    );
    table.index(['application_owner', 'number'], 'workflow_runs_owner_idx');
    table.index(['initiator', 'number'], 'workflow_runs_initiator_idx');
    table.index(['golden_path', 'number'], 'workflow_runs_golden_path_idx');
    table.index(['workflow', 'number'], 'workflow_runs_workflow_idx');
    table.index(['status', 'number'], 'workflow_runs_status_idx');
  });

  // The indexes that workers use cover runs in progress only, so that their
  // cost does not grow with history.
  await knex.raw(
    'create index workflow_runs_claim_idx on workflow_runs (wake_at, number) where ended_at is null',
  );
  await knex.raw(
    'create index workflow_runs_key_idx on workflow_runs (concurrency_key, number) where ended_at is null and concurrency_key is not null',
  );
  // The last line of "one run in progress per key", should two workers claim
  // two runs of a key in the same moment.
  await knex.raw(
    'create unique index workflow_runs_key_busy_idx on workflow_runs (concurrency_key) where ended_at is null and started_at is not null and concurrency_key is not null',
  );
  await knex.raw(
    'create index workflow_runs_end_idx on workflow_runs (number) where ended_at is not null and end_handled = false',
  );

  await knex.schema.createTable('run_events', table => {
    table.comment('The journal: everything that happened to a run, in order');
    table.text('run_id').notNullable();
    table.integer('seq').notNullable();
    table.bigInteger('at').notNullable();
    table.text('event', 'longtext').notNullable();
    table.primary(['run_id', 'seq']);
  });

  await knex.schema.createTable('run_signals', table => {
    table.comment('What people ask of a run, until its worker has recorded it');
    table.text('id').primary();
    table.text('run_id').notNullable();
    table.bigInteger('at').notNullable();
    table.text('payload', 'longtext').notNullable();
    table.boolean('delivered').notNullable().defaultTo(false);
  });
  await knex.raw(
    'create index run_signals_pending_idx on run_signals (run_id, at) where delivered = false',
  );

  await knex.schema.createTable('run_steps', table => {
    table.comment('State of the steps that did something already');
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
    table.comment('Each try of a step');
    table.text('run_id').notNullable();
    table.text('step').notNullable();
    table.integer('attempt').notNullable();
    table.text('status').notNullable();
    table.bigInteger('started_at').notNullable();
    table.bigInteger('ended_at');
    table.text('error', 'longtext');
    table.primary(['run_id', 'step', 'attempt']);
  });

  await knex.schema.createTable('step_logs', table => {
    table.comment('Log lines, redacted, numbered per run');
    table.text('run_id').notNullable();
    table.integer('seq').notNullable();
    table.text('step').notNullable();
    table.integer('attempt').notNullable();
    table.bigInteger('at').notNullable();
    table.text('level').notNullable();
    table.text('text', 'longtext').notNullable();
    table.primary(['run_id', 'seq']);
    table.index(['run_id', 'step', 'seq'], 'step_logs_step_idx');
  });

  await knex.schema.createTable('run_artifacts', table => {
    table.comment('Texts that are too large for an output');
    table.text('run_id').notNullable();
    table.text('name').notNullable();
    table.text('content', 'longtext').notNullable();
    table.bigInteger('updated_at').notNullable();
    table.primary(['run_id', 'name']);
  });

  await knex.schema.createTable('secrets', table => {
    table.comment('Secret values, encrypted');
    table.text('address').primary();
    table.text('key_id').notNullable();
    table.text('ciphertext', 'longtext').notNullable();
    table.bigInteger('updated_at').notNullable();
  });

  await knex.schema.createTable('idempotency_keys', table => {
    table.comment('Answers to requests that may be sent again');
    table.text('key').primary().comment('Hash of caller, route and key');
    table.text('body_hash').notNullable();
    table.integer('status').comment('Empty while the first request runs');
    table.text('headers', 'longtext');
    table.text('body', 'longtext');
    table.bigInteger('created_at').notNullable();
    table.index(['created_at'], 'idempotency_keys_created_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of [
    'idempotency_keys',
    'secrets',
    'run_artifacts',
    'step_logs',
    'step_attempts',
    'run_steps',
    'run_signals',
    'run_events',
    'workflow_runs',
  ]) {
    await knex.schema.dropTable(table);
  }
};
