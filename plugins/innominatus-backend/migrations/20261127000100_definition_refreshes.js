// @ts-check

/**
 * Requests to read definitions again, so that every replica hears of them and
 * a signed request counts once.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('definition_refreshes', table => {
    table.comment('Requests to read definitions again; kept for a while');
    table.text('id').primary();
    table
      .text('digest')
      .nullable()
      .comment('Of the signed request; the same one counts once');
    table
      .text('addresses')
      .nullable()
      .comment('Repositories that changed, as JSON; all locations without it');
    table.bigInteger('requested_at').notNullable();
    table.unique(['digest'], { indexName: 'definition_refreshes_digest_idx' });
    table.index(['requested_at'], 'definition_refreshes_requested_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('definition_refreshes');
};
