// @ts-check

/**
 * What each user of a resource declares itself, without the defaults of the
 * provider. Until now all of them had to say the same, so what is recorded of
 * the resource stands in until they are deployed again.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('resource_users', table => {
    table.text('declared').notNullable().defaultTo('{}');
  });
  await knex('resource_users').update({
    declared: knex.raw(
      "coalesce((select resources.params from resources where resources.id = resource_users.resource_id), '{}')",
    ),
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('resource_users', table => {
    table.dropColumn('declared');
  });
};
