// @ts-check

/**
 * Environments that are made by the API. Those of definition files have no row.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('environments', table => {
    table.text('name').primary();
    table.text('type').notNullable();
    table.text('definition', 'longtext').notNullable().comment('JSON');
    table.integer('version').notNullable().comment('Grows with each change');
    table
      .text('state')
      .notNullable()
      .checkIn(['active', 'removing'], 'environments_state_check');
    table.text('copy_of').comment('Environment that it was made from');
    table
      .text('copy_key')
      .comment('The same for the same branch or pull request')
      .unique({ indexName: 'environments_copy_key_uniq' });
    table.text('copy_source').comment('Branch or pull request, JSON');
    table.bigInteger('expires_at');
    table.bigInteger('expiry_set_at').comment('When expires_at was chosen');
    table
      .bigInteger('noticed_ms')
      .comment('Last notice of expiry: so long before it');
    table.bigInteger('notice_ms').comment('Notice that is being given');
    table.bigInteger('notice_at').comment('Since when');
    table.text('created_by').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
    table.index(['copy_of'], 'environments_copy_of_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('environments');
};
