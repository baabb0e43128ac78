import pg from 'pg';
import { expectCount, runSubject } from '../lib/subject.mjs';

const COMMITS = 12;

/** What the driver alone can do: one INSERT with a commit for each write. */
runSubject(async ({ server, concurrency }) => {
  const pool = new pg.Pool({
    connectionString: server.url,
    max: concurrency,
  });
  await pool.query(
    'create table floor (id bigserial primary key, run text, seq int, event text)',
  );
  const event = JSON.stringify({ type: 'StepSucceeded', outputs: {} });
  let run = 0;
  return {
    one: async () => {
      run += 1;
      const id = `run-${run}`;
      for (let seq = 0; seq < COMMITS; seq += 1) {
        await pool.query(
          'insert into floor (run, seq, event) values ($1, $2, $3)',
          [id, seq, event],
        );
      }
    },
    verify: async total => {
      const { rows } = await pool.query('select count(*) as found from floor');
      expectCount({
        what: 'rows',
        found: rows[0].found,
        expected: total * COMMITS,
      });
    },
    close: () => pool.end(),
  };
});
