import pg from 'pg';
import { runSubject } from '../lib/subject.mjs';

/** What the driver alone can do: one INSERT with a commit for each write. */
runSubject(async ({ url, concurrency }) => {
  const pool = new pg.Pool({ connectionString: url, max: concurrency });
  await pool.query(
    'create table if not exists floor (id bigserial primary key, run text, seq int, event text)',
  );
  const event = JSON.stringify({ type: 'StepSucceeded', outputs: {} });
  let run = 0;
  return {
    one: async () => {
      run += 1;
      const id = `run-${run}`;
      for (let seq = 0; seq < 12; seq += 1) {
        await pool.query(
          'insert into floor (run, seq, event) values ($1, $2, $3)',
          [id, seq, event],
        );
      }
    },
    close: () => pool.end(),
  };
});
