import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { argumentsOf, readCases, writeFiles } from './lib/cases.mjs';
import { check } from './lib/check.mjs';
import { runCommand } from './lib/implementation.mjs';
import { pageOf } from './lib/page.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..', '..');
const page = path.join(root, 'docs', 'conformance.md');

const { values } = parseArgs({
  options: {
    command: { type: 'string' },
    check: { type: 'boolean' },
    only: { type: 'string' },
    json: { type: 'boolean' },
  },
});

const folder = mkdtempSync(path.join(os.tmpdir(), 'innominatus-conformance-'));
try {
  const command = values.command?.split(' ') ?? ours();
  const cases = readCases(path.join(here, 'cases')).filter(
    ({ title }) => !values.only || title.includes(values.only),
  );
  const results = await inParallel(cases, one => runCase(one, command));
  finish(results);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Our command, built from what is checked out. */
function ours() {
  const cli = path.join(root, 'packages', 'cli-module-innominatus');
  execFileSync(process.execPath, [
    path.join(cli, 'scripts', 'bundle.mjs'),
    ...['--outdir', path.join(folder, 'dist')],
  ]);
  return [
    ...[process.execPath, path.join(folder, 'dist', 'innominatus.cjs')],
    ...['generate', '--diagnostics', 'json', '-o', '-'],
  ];
}

/** As many at once as there are processors; results in the order of the cases. */
async function inParallel(cases, run) {
  const results = [];
  const left = [...cases.entries()];
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [index, one] = next;
      results[index] = { ...one, wrong: await run(one) };
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, work));
  return results;
}

async function runCase(one, command) {
  const cwd = mkdtempSync(path.join(folder, 'case-'));
  writeFiles(one, cwd);
  const before = filesIn(cwd);
  const first = await runCommand(command, argumentsOf(one), { cwd });
  const second = one.expect.fails
    ? undefined
    : await runCommand(command, argumentsOf(one), { cwd });
  const left =
    one.expect.leavesNothing && filesIn(cwd).length > before.length
      ? ['it leaves files behind']
      : [];
  return [...check(one, first, second), ...left];
}

function filesIn(cwd) {
  return readdirSync(cwd, { recursive: true });
}

function finish(results) {
  if (!values.json) {
    for (const { section, title, wrong } of results) {
      const mark = wrong.length === 0 ? 'ok  ' : 'FAIL';
      process.stdout.write(`${mark} ${section}: ${title}\n`);
      wrong.forEach(text => process.stdout.write(`       ${text}\n`));
    }
  }
  const failed = results.filter(({ wrong }) => wrong.length > 0);
  if (values.json) {
    const shown = results.map(({ section, title, defect, wrong }) => ({
      ...{ section, title, defect, wrong },
    }));
    process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
  }
  // The page is about ours; others are compared in the terminal.
  if (!values.command && !values.only) {
    const text = pageOf(results);
    if (!values.check) {
      writeFileSync(page, text);
    } else if (readFileSync(page, 'utf8') !== text) {
      process.stderr.write(
        'docs/conformance.md is not up to date. Run: npm run bench:conformance\n',
      );
      process.exitCode = 1;
    }
  }
  if (failed.length > 0) {
    process.exitCode = 1;
  }
  if (!values.json) {
    process.stdout.write(
      `CONFORMANCE ${JSON.stringify({ passed: results.length - failed.length, failed: failed.length })}\n`,
    );
  }
}
