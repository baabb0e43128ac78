// @ts-check

/**
 * The files of each location as they were when all that is in use was read
 * from them, for backends that start while files are broken.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('last_good_definitions', table => {
    table.comment('Files of definitions as they were when they were good');
    table.text('id').primary().comment('Digest of the location');
    table.text('location').notNullable().comment('Its target and ref');
    table
      .text('hash')
      .notNullable()
      .comment('Of the files, so that the same ones are written once');
    table.text('files').notNullable().comment('Names and raw texts, as JSON');
    table.bigInteger('updated_at').notNullable();
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('last_good_definitions');
};
