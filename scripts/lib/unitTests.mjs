import path from 'node:path';
import { say } from './log.mjs';
import { reportDir, root } from './paths.mjs';
import { startPostgres } from './postgres.mjs';
import { run } from './processes.mjs';
import { failedTestFiles, jestResult, withSecondRun } from './results.mjs';

const CONNECTION = 'BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING';
/** More than that is a fault, and no coincidence. */
const MOST_FILES_AGAIN = 4;

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

/**
 * Runs jest over every package, with SQLite and PostgreSQL. With `again`, a few
 * files that failed get a second chance: kills and leases are real here, and a
 * machine that stands still for seconds makes them miss each other.
 */
export function runUnitTests({ tools, args, again }) {
  const report = path.join(reportDir, 'jest.json');
  const env = {
    ...tools.env,
    // Without CI jest would watch, and run only what differs from the last commit.
    CI: 'true',
    // With CI the database helpers would reach for Docker.
    BACKSTAGE_TEST_DISABLE_DOCKER: '1',
  };
  return withPostgres(env, async testEnv => {
    const jest = async (outputFile, workers, patterns) => {
      const { code } = await run(
        tools.yarn,
        [
          ...['backstage-cli', 'repo', 'test', '--json'],
          ...[`--outputFile=${outputFile}`, `--maxWorkers=${workers}`],
          ...patterns,
        ],
        { cwd: root, env: testEnv },
      );
      return code;
    };
    say('running the unit and database tests');
    const code = await jest(report, 2, args);
    const failed = failedTestFiles(report);
    if (!again || failed.length === 0 || failed.length > MOST_FILES_AGAIN) {
      return jestResult(report, code);
    }
    say(`running again, one after the other: ${failed.join(', ')}`);
    const second = path.join(reportDir, 'jest-again.json');
    const secondCode = await jest(second, 1, failed);
    for (const file of failed) say(`unstable unless it failed twice: ${file}`);
    return withSecondRun(report, second, secondCode);
  });
}
