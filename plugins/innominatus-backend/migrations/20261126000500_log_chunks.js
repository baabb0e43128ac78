// @ts-check

const LINES_PER_CHUNK = 500;
const BYTES_PER_CHUNK = 64 * 1024;
const PAGE = 1000;

/** @type {Record<string, string>} */
const LEVELS = { info: 'i', warn: 'w', error: 'e' };
const LEVELS_BY_LETTER = Object.fromEntries(
  Object.entries(LEVELS).map(([level, letter]) => [letter, level]),
);

/**
 * Packs lines of one run in their order; lines of one attempt go together.
 *
 * @param {any[]} rows
 */
function toChunks(rows) {
  /** @type {Map<string, { first: any, bytes: number, lines: any[] }>} */
  const open = new Map();
  /** @type {Array<{ first: any, bytes: number, lines: any[] }>} */
  const chunks = [];
  for (const row of rows) {
    const key = `${row.attempt}/${row.step}`;
    const bytes = Buffer.byteLength(row.text);
    let chunk = open.get(key);
    if (
      !chunk ||
      chunk.lines.length >= LINES_PER_CHUNK ||
      chunk.bytes + bytes > BYTES_PER_CHUNK
    ) {
      chunk = { first: row, bytes: 0, lines: [] };
      open.set(key, chunk);
      chunks.push(chunk);
    }
    chunk.bytes += bytes;
    chunk.lines.push(row);
  }
  return chunks.map(({ first, bytes, lines }) => ({
    run_id: first.run_id,
    first_seq: first.seq,
    last_seq: lines[lines.length - 1].seq,
    step: first.step,
    attempt: first.attempt,
    first_at: first.at,
    line_count: lines.length,
    bytes,
    marks: JSON.stringify(
      lines.map(line => [
        line.seq - first.seq,
        Number(line.at) - Number(first.at),
        LEVELS[line.level] ?? 'i',
      ]),
    ),
    text: lines.map(line => line.text).join('\n'),
  }));
}

/** @param {any} chunk */
function toLines(chunk) {
  const texts = chunk.text.split('\n');
  /** @type {Array<[number, number, string]>} */
  const marks = JSON.parse(chunk.marks);
  return marks.map(([seq, at, level], i) => ({
    run_id: chunk.run_id,
    seq: chunk.first_seq + seq,
    step: chunk.step,
    attempt: chunk.attempt,
    at: Number(chunk.first_at) + at,
    level: LEVELS_BY_LETTER[level],
    text: texts[i],
  }));
}

/**
 * Hands over the rows of a table, run by run, in the order of a column.
 *
 * @param {import('knex').Knex} knex
 * @param {{ table: string, column: string }} from
 * @param {(rows: any[]) => Promise<void>} take
 */
async function eachPage(knex, { table, column }, take) {
  const runs = await knex(table).distinct('run_id');
  for (const { run_id: runId } of runs) {
    let after = 0;
    for (;;) {
      const rows = await knex(table)
        .where({ run_id: runId })
        .andWhere(column, '>', after)
        .orderBy(column)
        .limit(PAGE);
      if (rows.length === 0) {
        break;
      }
      after = rows[rows.length - 1][column];
      await take(rows);
    }
  }
}

/**
 * Lines of a log by the hundred in one row: one row for each line made writing,
 * reading and deleting a log cost as many rows as it has lines.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('log_chunks', table => {
    table.comment('Log lines of an attempt, redacted, numbered per run');
    table.text('run_id').notNullable();
    table.integer('first_seq').notNullable();
    table.integer('last_seq').notNullable();
    table.text('step').notNullable();
    table.integer('attempt').notNullable();
    table.bigInteger('first_at').notNullable();
    table.integer('line_count').notNullable();
    table.integer('bytes').notNullable();
    table
      .text('marks', 'longtext')
      .notNullable()
      .comment('Of each line: number and time after the first, level');
    table
      .text('text', 'longtext')
      .notNullable()
      .comment('The lines, one after the other');
    table.primary(['run_id', 'first_seq']);
    table.index(['run_id', 'step', 'first_seq'], 'log_chunks_step_idx');
  });
  await eachPage(knex, { table: 'step_logs', column: 'seq' }, async rows => {
    await knex.batchInsert('log_chunks', toChunks(rows), 50);
  });
  await knex.schema.dropTable('step_logs');
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.createTable('step_logs', table => {
    table.comment('Log lines, redacted, numbered per run');
    table.text('run_id').notNullable();
    table.integer('seq').notNullable();
    table.text('step').notNullable();
    table.integer('attempt').notNullable();
    table.bigInteger('at').notNullable();
    table.text('level').notNullable();
    table.text('text', 'longtext').notNullable();
    table.primary(['run_id', 'seq']);
    table.index(['run_id', 'step', 'seq'], 'step_logs_step_idx');
  });
  await eachPage(
    knex,
    { table: 'log_chunks', column: 'first_seq' },
    async chunks => {
      await knex.batchInsert('step_logs', chunks.flatMap(toLines), 100);
    },
  );
  await knex.schema.dropTable('log_chunks');
};
