import path from 'node:path';
import knexFactory from 'knex';
import { STEPS, expectCount, runSubject } from '../lib/subject.mjs';

/** The journal one writes first: a statement and a commit for each change. */
runSubject(async ({ folder }) => {
  const knex = knexFactory({
    client: 'better-sqlite3',
    connection: { filename: path.join(folder, 'naive.sqlite') },
    useNullAsDefault: true,
  });
  await knex.raw('pragma journal_mode = wal');
  await knex.raw('pragma synchronous = full');
  await knex.schema.createTable('runs', table => {
    table.text('id').primary();
    table.text('status');
    table.text('owner');
  });
  await knex.schema.createTable('steps', table => {
    table.text('run');
    table.text('name');
    table.text('status');
    table.text('outputs');
    table.primary(['run', 'name']);
  });
  let count = 0;
  return {
    one: async () => {
      count += 1;
      const id = `run-${count}`;
      await knex('runs').insert({ id, status: 'queued' });
      await knex('runs')
        .where({ id, owner: null })
        .update({ status: 'running', owner: 'me' });
      for (let i = 0; i < STEPS; i += 1) {
        const step = { run: id, name: `s${i}` };
        await knex('steps').insert({ ...step, status: 'running' });
        await knex('steps')
          .where(step)
          .update({ status: 'succeeded', outputs: '{}' });
      }
      await knex('runs')
        .where({ id, owner: 'me' })
        .update({ status: 'succeeded' });
    },
    verify: async total => {
      const [runs] = await knex('runs')
        .where({ status: 'succeeded' })
        .count({ found: '*' });
      expectCount({ what: 'runs', found: runs.found, expected: total });
      const [steps] = await knex('steps')
        .where({ status: 'succeeded' })
        .count({ found: '*' });
      expectCount({
        what: 'steps',
        found: steps.found,
        expected: total * STEPS,
      });
    },
    close: () => knex.destroy(),
  };
});
