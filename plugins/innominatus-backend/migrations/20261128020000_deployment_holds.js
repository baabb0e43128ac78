// @ts-check

// What a deployment that was approved still waits for, and when it is looked at
// again.

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deployments', table => {
    table.text('hold').nullable();
    table.bigInteger('retry_at').nullable();
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('deployments', table => {
    table.dropColumn('hold');
    table.dropColumn('retry_at');
  });
};
