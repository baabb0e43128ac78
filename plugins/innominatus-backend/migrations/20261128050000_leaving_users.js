// @ts-check

/**
 * Who is about to stop using a shared resource. A new user of it must not count
 * on the objects that such an application still delivers.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('resource_users', table => {
    table.boolean('leaving').notNullable().defaultTo(false);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('resource_users', table => {
    table.dropColumn('leaving');
  });
};
