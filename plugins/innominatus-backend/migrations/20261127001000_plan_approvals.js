// @ts-check

/**
 * A deployment keeps the plan it carries out, what was asked for and what it
 * costs. One that needs approval waits for it before its run exists; the
 * question then has a row among the approvals, which names the deployment and
 * the hash of the plan instead of a step.
 */
const COLUMNS = {
  plans: { parts: 'text' },
  deployments: {
    plan_id: 'varchar(36)',
    request: 'text',
    approval_id: 'varchar(255)',
    monthly_cost: 'double precision',
  },
  applications: { monthly_cost: 'double precision' },
  approvals: {
    deployment_id: 'varchar(36)',
    deployment_number: 'integer',
    deployment_action: 'varchar(16)',
    plan_id: 'varchar(36)',
    plan_hash: 'varchar(64)',
  },
};

const INDEXES = {
  plans_hash_idx: 'plans (environment, name, hash)',
  deployments_plan_idx: 'deployments (plan_id) where plan_id is not null',
  // Looked at every few seconds, so its size must not grow with history.
  deployments_waiting_idx:
    'deployments (created_at) where ended_at is null and approval_id is not null and run_number is null',
  approvals_plan_expiry_idx:
    "approvals (expires_at) where deployment_id is not null and state = 'pending'",
  approvals_deployment_idx:
    'approvals (deployment_id) where deployment_id is not null',
};

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  for (const [table, columns] of Object.entries(COLUMNS)) {
    for (const [column, type] of Object.entries(columns)) {
      await knex.raw(`alter table ${table} add column ${column} ${type}`);
    }
  }
  for (const [index, columns] of Object.entries(INDEXES)) {
    await knex.raw(`create index ${index} on ${columns}`);
  }
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const index of Object.keys(INDEXES)) {
    await knex.raw(`drop index ${index}`);
  }
  // Deployments that still wait would have neither a run nor anybody who asks.
  await knex('deployments')
    .whereNull('ended_at')
    .whereNotNull('approval_id')
    .whereNull('run_number')
    .whereNull('run_request')
    .update({ status: 'cancelled', ended_at: Date.now() });
  await knex('approvals').whereNotNull('deployment_id').delete();
  for (const [table, columns] of Object.entries(COLUMNS)) {
    for (const column of Object.keys(columns)) {
      await knex.raw(`alter table ${table} drop column ${column}`);
    }
  }
};
