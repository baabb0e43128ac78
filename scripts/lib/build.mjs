import path from 'node:path';
import { fingerprint, whenChanged } from './fingerprint.mjs';
import { PlainError, say } from './log.mjs';
import { root } from './paths.mjs';
import { run } from './processes.mjs';

const common = [
  'plugins/innominatus-common/src',
  'plugins/innominatus-common/package.json',
  'yarn.lock',
  'backstage.json',
  'tsconfig.json',
];
const cli = 'packages/cli-module-innominatus';

// Each output of a build, what it is made from, and what must be there when it was made.
const BUILDS = {
  cli: {
    title: 'the innominatus command line',
    command: ['workspace', '@innominatus/cli-module-innominatus', 'bundle'],
    sources: [
      ...common,
      ...['src', 'bin', 'scripts', 'package.json'].map(
        name => `${cli}/${name}`,
      ),
    ],
    results: [`${cli}/dist/innominatus.cjs`],
  },
  app: {
    title: 'the portal (about half a minute)',
    command: ['workspace', 'app', 'build'],
    sources: [
      ...common,
      'packages/app',
      'plugins/innominatus/src',
      'plugins/innominatus/package.json',
      'app-config.yaml',
    ],
    results: ['packages/app/dist/index.html'],
  },
};

/** Builds "cli" or "app" unless nothing it is made from has changed since. */
export async function build(name, { yarn, env, nodeVersion }) {
  const { title, command, sources, results } = BUILDS[name];
  const done = await whenChanged(
    {
      stamp: path.join(
        root,
        'node_modules',
        '.cache',
        'innominatus',
        `${name}.build`,
      ),
      value: fingerprint(sources, [nodeVersion]),
      results: results.map(file => path.join(root, file)),
    },
    async () => {
      say(`building ${title}`);
      const show = () => false;
      const { code, output } = await run(yarn, command, {
        cwd: root,
        env,
        show,
      });
      if (code !== 0) {
        process.stderr.write(output);
        throw new PlainError(
          `Building ${title} failed with exit code ${code}; the reason stands above.`,
        );
      }
    },
  );
  if (!done)
    say(`${title.replace(/ \(.*/, '')}: nothing changed since the last build`);
}
