// @ts-check

// Who runs when. A run without groups may begin as soon as a worker is free. A
// run with groups (locks are groups of one) is admitted once each of its groups
// has a free slot; until then `admitted_at` is empty and no worker looks at it.

const PARTS = {
  /** Runs in progress that have to be looked at. */
  claim:
    'create index workflow_runs_claim_idx on workflow_runs (wake_at, number) where ended_at is null and started_at is not null',
  /** Runs that wait for a worker, in the order in which they get one. */
  queue:
    'create index workflow_runs_queue_idx on workflow_runs (queue_order, number) where ended_at is null and started_at is null and admitted_at is not null and depth = 0',
  nestedQueue:
    'create index workflow_runs_nested_queue_idx on workflow_runs (queue_order, number) where ended_at is null and started_at is null and admitted_at is not null and depth > 0',
  /** Counted before a run of the team is taken on. */
  team: 'create index workflow_runs_team_queue_idx on workflow_runs (team) where ended_at is null and started_at is null and depth = 0 and team is not null',
};

/** @param {import('knex').Knex} knex */
const isPostgres = knex => String(knex.client.config.client).includes('pg');

/**
 * The end of a run frees its slots in the statement that ends it, whoever
 * writes it. What was freed is a mark that stays until someone has admitted the
 * next runs, so that a process may die at any moment in between.
 *
 * @param {import('knex').Knex} knex
 */
async function createTrigger(knex) {
  if (!isPostgres(knex)) {
    await knex.raw(
      `create trigger workflow_runs_free_groups after update of ended_at on workflow_runs
       when new.grouped and old.ended_at is null and new.ended_at is not null
       begin
         update run_groups set state = 'freed', slot = null where run_id = new.id;
       end`,
    );
    return;
  }
  await knex.raw(
    `create function innominatus_free_run_groups() returns trigger language plpgsql as $$
     begin
       update run_groups set state = 'freed', slot = null where run_id = new.id;
       return null;
     end $$`,
  );
  await knex.raw(
    `create trigger workflow_runs_free_groups after update of ended_at on workflow_runs
     for each row
     when (new.grouped and old.ended_at is null and new.ended_at is not null)
     execute function innominatus_free_run_groups()`,
  );
}

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('workflow_runs', table => {
    table.integer('priority').notNullable().defaultTo(0);
    table
      .bigInteger('queue_order')
      .notNullable()
      .defaultTo(0)
      .comment('Time of creation, moved by the priority; lower is first');
    table.bigInteger('admitted_at').comment('Since when a worker may begin it');
    table.boolean('grouped').notNullable().defaultTo(false);
    table.text('team').comment('Whose limits it counts for');
  });
  await knex.schema.createTable('run_groups', table => {
    table.comment('Locks and limits of runs that are queued or in progress');
    table.text('run_id').notNullable();
    table.text('group_key').notNullable();
    table.integer('max_runs').notNullable();
    table
      .text('state')
      .notNullable()
      .comment('new, waiting, blocked (waits for this one), held or freed');
    table.integer('slot').comment('Only while held');
    table.bigInteger('queue_order').notNullable();
    table.integer('run_number').notNullable();
    table.primary(['run_id', 'group_key']);
    // The last line of "at most so many", should two ever admit at once.
    table.unique(['group_key', 'slot'], {
      indexName: 'run_groups_slot_idx',
    });
    table.index(
      ['state', 'group_key', 'queue_order', 'run_number'],
      'run_groups_state_idx',
    );
  });

  await knex('workflow_runs').update({
    queue_order: knex.ref('created_at'),
    admitted_at: knex.ref('created_at'),
  });
  await knex('workflow_runs')
    .whereNull('ended_at')
    .whereNotNull('concurrency_key')
    .update({ grouped: true });
  await knex.raw(
    `insert into run_groups (run_id, group_key, max_runs, state, slot, queue_order, run_number)
     select id, concurrency_key, 1,
       case when started_at is null then 'new' else 'held' end,
       case when started_at is null then null else 1 end,
       created_at, number
     from workflow_runs where ended_at is null and concurrency_key is not null`,
  );
  await knex('workflow_runs')
    .where('grouped', true)
    .whereNull('started_at')
    .update({ admitted_at: null });

  await knex.raw('drop index workflow_runs_claim_idx');
  await knex.raw('drop index workflow_runs_key_idx');
  await knex.raw('drop index workflow_runs_key_busy_idx');
  for (const statement of Object.values(PARTS)) {
    await knex.raw(statement);
  }
  await createTrigger(knex);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  if (isPostgres(knex)) {
    await knex.raw('drop trigger workflow_runs_free_groups on workflow_runs');
    await knex.raw('drop function innominatus_free_run_groups()');
  } else {
    await knex.raw('drop trigger workflow_runs_free_groups');
  }
  for (const index of [
    'workflow_runs_claim_idx',
    'workflow_runs_queue_idx',
    'workflow_runs_nested_queue_idx',
    'workflow_runs_team_queue_idx',
  ]) {
    await knex.raw(`drop index ${index}`);
  }
  await knex.schema.dropTable('run_groups');
  for (const column of [
    'priority',
    'queue_order',
    'admitted_at',
    'grouped',
    'team',
  ]) {
    await knex.raw(`alter table workflow_runs drop column ${column}`);
  }
  await knex.raw(
    'create index workflow_runs_claim_idx on workflow_runs (wake_at, number) where ended_at is null',
  );
  await knex.raw(
    'create index workflow_runs_key_idx on workflow_runs (concurrency_key, number) where ended_at is null and concurrency_key is not null',
  );
  await knex.raw(
    'create unique index workflow_runs_key_busy_idx on workflow_runs (concurrency_key) where ended_at is null and started_at is not null and concurrency_key is not null',
  );
};
