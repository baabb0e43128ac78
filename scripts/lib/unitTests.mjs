import path from 'node:path';
import { say } from './log.mjs';
import { reportDir, root } from './paths.mjs';
import { startPostgres } from './postgres.mjs';
import { run } from './processes.mjs';
import { jestResult } from './results.mjs';

const CONNECTION = 'BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING';

/** A PostgreSQL named in the environment is used; otherwise a throwaway one is started. */
async function withPostgres(env, work) {
  if (env[CONNECTION]) {
    say(`using the PostgreSQL named in ${CONNECTION}`);
    return work(env);
  }
  say('starting a throwaway PostgreSQL');
  const postgres = await startPostgres();
  try {
    return await work({ ...env, [CONNECTION]: postgres.url });
  } finally {
    await postgres.stop();
  }
}

/** Runs jest over every package, with SQLite and PostgreSQL. */
export function runUnitTests({ tools, args }) {
  const report = path.join(reportDir, 'jest.json');
  const env = {
    ...tools.env,
    // Without CI jest would watch, and run only what differs from the last commit.
    CI: 'true',
    // With CI the database helpers would reach for Docker.
    BACKSTAGE_TEST_DISABLE_DOCKER: '1',
  };
  return withPostgres(env, async testEnv => {
    say('running the unit and database tests');
    const { code } = await run(
      tools.yarn,
      [
        ...['backstage-cli', 'repo', 'test', '--json'],
        ...[`--outputFile=${report}`, '--maxWorkers=2', ...args],
      ],
      { cwd: root, env: testEnv },
    );
    return jestResult(report, code);
  });
}
