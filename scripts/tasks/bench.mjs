import fs from 'node:fs';
import path from 'node:path';
import { bootstrap } from '../lib/bootstrap.mjs';
import { PlainError } from '../lib/log.mjs';
import { root } from '../lib/paths.mjs';
import { exitCodeOf, start } from '../lib/processes.mjs';

/** Installs what is missing and runs one of the programs under bench. */
export async function run([name, ...args]) {
  const program = path.join(root, 'bench', name ?? '', 'run.mjs');
  if (!name || !fs.existsSync(program)) {
    throw new PlainError(
      `There is no bench "${name ?? ''}". Name a folder of "bench".`,
      2,
    );
  }
  const begun = Date.now();
  const { node, env } = await bootstrap();
  return exitCodeOf(
    start(node, [program, ...args], {
      env: { ...env, BENCH_BEGUN_AT: String(begun) },
      stdio: 'inherit',
    }),
  );
}
