import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const packageDir = path.join(
  path.dirname(fileURLToPath(import.meta.url)),
  '..',
);
const { values } = parseArgs({ options: { outdir: { type: 'string' } } });
const outdir = path.resolve(values.outdir ?? path.join(packageDir, 'dist'));

const BUNDLES = [
  // The command itself.
  { source: 'bin.ts', outfile: 'innominatus.cjs' },
  // What backstage-cli loads in this checkout, where it cannot read TypeScript.
  { source: 'index.ts', outfile: 'index.cjs.js' },
];

await Promise.all(
  BUNDLES.map(({ source, outfile }) =>
    build({
      entryPoints: [path.join(packageDir, 'src', source)],
      outfile: path.join(outdir, outfile),
      bundle: true,
      platform: 'node',
      // Older than what the portal needs, because the command also runs outside of the checkout.
      target: 'node18',
      format: 'cjs',
      // ES modules first: what is not used falls away, which halves the start-up.
      mainFields: ['module', 'main'],
      external: ['@backstage/cli-node'],
      minify: true,
      keepNames: true,
      legalComments: 'eof',
      logLevel: 'warning',
    }),
  ),
);
