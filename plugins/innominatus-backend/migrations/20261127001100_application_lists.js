// @ts-check

// A page of the applications that exist is read in the order it is shown in,
// so that its cost does not grow with their number.
const INDEXES = {
  applications_name_idx: 'name, id',
  applications_updated_idx: 'updated_at, id',
};

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  for (const [index, columns] of Object.entries(INDEXES)) {
    await knex.raw(
      `create index ${index} on applications (${columns}) where deleted_at is null`,
    );
  }
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const index of Object.keys(INDEXES)) {
    await knex.raw(`drop index ${index}`);
  }
};
