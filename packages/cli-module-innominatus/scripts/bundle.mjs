import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const packageDir = path.join(
  path.dirname(fileURLToPath(import.meta.url)),
  '..',
);
const { values } = parseArgs({ options: { outfile: { type: 'string' } } });

await build({
  entryPoints: [path.join(packageDir, 'src', 'bin.ts')],
  outfile: path.resolve(
    values.outfile ?? path.join(packageDir, 'dist', 'innominatus.cjs'),
  ),
  bundle: true,
  platform: 'node',
  // Older than what the portal needs, because the command also runs outside of the checkout.
  target: 'node18',
  format: 'cjs',
  // ES modules first: what is not used falls away, which halves the start-up.
  mainFields: ['module', 'main'],
  minify: true,
  keepNames: true,
  legalComments: 'eof',
  logLevel: 'warning',
});
