import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bootstrap } from '../lib/bootstrap.mjs';
import { cleanTypes } from '../lib/cleanTypes.mjs';
import { prepareData } from '../lib/demoData.mjs';
import { PlainError, say } from '../lib/log.mjs';
import { root } from '../lib/paths.mjs';
import { run as runProgram } from '../lib/processes.mjs';

// In this order, because the API reports are made from what "types" writes to dist-types.
const CHECKS = {
  types: ['tsc'],
  lint: ['backstage-cli', 'repo', 'lint', '--max-warnings', '0'],
  format: ['prettier', '--check', '.'],
  unused: ['knip', '--no-progress', '--no-config-hints'],
  config: [
    ...['backstage-cli', 'config:check', '--strict'],
    ...['--config', 'app-config.yaml', '--config', 'app-config.demo.yaml'],
  ],
  'api-reports': [
    ...['backstage-repo-tools', 'api-reports', '--ci'],
    ...['-o', 'ae-wrong-input-file-type,ae-undocumented'],
    '--validate-release-tags',
  ],
};

const REPAIRS = {
  format: 'npm run exec -- yarn prettier:write',
  'api-reports': 'npm run exec -- yarn build:api-reports',
};

/** Runs the named checks, or all of them, to the end and says which ones failed. */
export async function run(args) {
  const names = args.length > 0 ? args : Object.keys(CHECKS);
  for (const name of names) {
    if (!Object.hasOwn(CHECKS, name)) {
      throw new PlainError(
        `There is no check "${name}". The checks are: ${Object.keys(
          CHECKS,
        ).join(', ')}.`,
        2,
      );
    }
  }
  const tools = await bootstrap();
  if (names.includes('types')) cleanTypes();
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'innominatus-check-'));
  prepareData(data);
  const failed = [];
  try {
    for (const name of names) {
      say(`check: ${name}`);
      const { code } = await runProgram(tools.yarn, CHECKS[name], {
        cwd: root,
        env: { ...tools.env, INNOMINATUS_DATA: data },
      });
      if (code !== 0) failed.push(name);
    }
  } finally {
    fs.rmSync(data, { recursive: true, force: true });
  }
  for (const name of failed) {
    const repair = REPAIRS[name];
    say(`failed: ${name}${repair ? `; "${repair}" may repair it` : ''}`);
  }
  if (failed.length === 0) say(`${names.length} checks passed`);
  return failed.length > 0 ? 1 : 0;
}
