import fs from 'node:fs';
import { bootstrap } from '../lib/bootstrap.mjs';
import { runBrowserTests } from '../lib/browserTests.mjs';
import { PlainError, say } from '../lib/log.mjs';
import { reportDir } from '../lib/paths.mjs';
import { sumUp, writeSummary } from '../lib/results.mjs';
import { ensurePrograms } from '../lib/system.mjs';
import { runUnitTests } from '../lib/unitTests.mjs';

function readArguments(args) {
  const only = name => args.includes(`--${name}`);
  const jestArgs = args.filter(
    arg => !['--unit', '--browser', '--'].includes(arg),
  );
  // Whoever names a jest pattern wants those tests, not the whole browser run.
  const unit = !only('browser') || only('unit');
  const browser = !only('unit') && (only('browser') || jestArgs.length === 0);
  if (only('browser') && jestArgs.length > 0) {
    throw new PlainError(
      `"${jestArgs.join(
        ' ',
      )}" would go to jest, which "--browser" leaves out. Use one or the other.`,
      2,
    );
  }
  return { unit, browser, jestArgs };
}

/** Installs what is missing and runs every test; the last line says how many passed and failed. */
export async function run(args) {
  const { unit, browser, jestArgs } = readArguments(args);
  fs.rmSync(reportDir, { recursive: true, force: true });
  fs.mkdirSync(reportDir, { recursive: true });

  const { found, missing } = await ensurePrograms(
    browser ? ['git', 'chromium'] : ['git'],
  );
  const requireAll = Boolean(process.env.CI_REQUIRE_ALL);
  for (const text of missing) say(text);
  if (requireAll && missing.length > 0) {
    throw new PlainError(
      'CI_REQUIRE_ALL is set, so nothing may be missing; see the lines above.',
    );
  }

  const tools = await bootstrap(browser ? ['cli', 'app'] : ['cli']);
  // With every tool at hand a test that leaves something out is a mistake.
  if (missing.length === 0) tools.env.CI_REQUIRE_ALL = '1';

  const results = [];
  if (unit) {
    results.push(
      await runUnitTests({ tools, args: jestArgs, again: requireAll }),
    );
  }
  if (browser && found.chromium) {
    results.push(await runBrowserTests({ tools, chromium: found.chromium }));
  }

  const total = sumUp(results, { nothingSkipped: requireAll });
  writeSummary(total);
  for (const text of missing) say(text);
  for (const problem of total.problems) say(`failed: ${problem}`);
  if (total.skipped > 0) say(`${total.skipped} skipped`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
  return total.failed > 0 ? 1 : 0;
}
