import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PlainError, say } from './log.mjs';
import { reportDir, root } from './paths.mjs';
import { freePort } from './ports.mjs';
import { run } from './processes.mjs';
import { browserResult } from './results.mjs';
import { startServer } from './server.mjs';

/** Runs the browser tests against the built portal, with data that is thrown away. */
export async function runBrowserTests({ tools, chromium }) {
  const port = await freePort();
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'innominatus-e2e-'));
  const logFile = path.join(reportDir, 'portal.log');
  const log = fs.openSync(logFile, 'w');
  const report = path.join(reportDir, 'playwright.json');
  say(`starting the portal on port ${port} for the browser tests`);
  const server = startServer({ tools, port, data, output: log });
  try {
    if (!(await server.ready)) {
      throw new PlainError(
        `The portal did not become ready for the browser tests. The end of its log (${logFile}):\n${fs
          .readFileSync(logFile, 'utf8')
          .slice(-4_000)}`,
      );
    }
    say('running the browser tests');
    const { code } = await run(
      tools.yarn,
      ['playwright', 'test', '--config', 'playwright.config.ts'],
      {
        cwd: root,
        env: {
          ...tools.env,
          CHROMIUM_PATH: chromium,
          PLAYWRIGHT_URL: `http://localhost:${port}`,
          PLAYWRIGHT_JSON_OUTPUT_FILE: report,
        },
      },
    );
    return browserResult(report, code);
  } finally {
    await server.stop();
    fs.closeSync(log);
    fs.rmSync(data, { recursive: true, force: true });
  }
}
