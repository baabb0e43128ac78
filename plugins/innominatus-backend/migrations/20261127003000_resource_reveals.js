// @ts-check

/**
 * Who looked at which secret, and why. A row is written before the secret is
 * read, and stays when the resource is gone.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('resource_reveals', table => {
    table.comment('Secrets of resources that somebody was shown');
    table.text('id').primary();
    table.text('resource_id').notNullable();
    table.text('output').notNullable();
    table.text('reason').notNullable();
    table.text('by').notNullable();
    table.bigInteger('at').notNullable();
    table.index(['resource_id', 'id'], 'resource_reveals_resource_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('resource_reveals');
};
