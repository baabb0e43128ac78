import { mkdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node, pause, StepRunnerScenario } from './StepRunnerStage';

/** What a program does not get to see, to be or to leave behind. */
export const confinement: StepRunnerScenario[] = [
  {
    name: 'gives the program no variables but its own',
    async play(stage, expect) {
      process.env.INNOMINATUS_CANARY = 'of the backend';
      const { texts } = await stage.run(
        node('console.log(JSON.stringify(process.env))', {
          env: { GREETING: 'hello $HOME' },
        }),
      );
      delete process.env.INNOMINATUS_CANARY;
      const env = JSON.parse(texts[0]);
      expect(env.GREETING).toBe('hello $HOME');
      expect(env.HOME).not.toBe(process.env.HOME);
      expect(Object.keys(env)).toEqual(
        expect.arrayContaining(['HOME', 'LANG', 'PATH', 'TMPDIR']),
      );
      expect(JSON.stringify(env)).not.toContain('of the backend');
    },
  },
  {
    name: 'lets no shell see the arguments',
    async play(stage, expect) {
      const args = [
        '$(touch substituted)',
        '`touch ticked`',
        '; touch chained',
        '&& touch and',
        '> redirected',
        '*',
        '',
        'a  b',
        '"quoted\'',
        'line\nbreak',
      ];
      const { texts } = await stage.run(
        node('console.log(JSON.stringify(process.argv.slice(1)))', {
          args: ['--', ...args],
        }),
      );
      expect(JSON.parse(texts[0]).slice(-args.length)).toEqual(args);
      for (const name of [
        'substituted',
        'ticked',
        'chained',
        'and',
        'redirected',
      ]) {
        expect(await stage.file(name)).toBeUndefined();
      }
    },
  },
  {
    name: 'works in the workspace, or in a folder of it',
    async play(stage, expect) {
      await mkdir(join(stage.workspace, 'folder'));
      const where = 'require("fs").writeFileSync("here", "")';
      await stage.run(node(where));
      await stage.run(node(where, { cwd: 'folder' }));
      expect(await stage.file('here')).toBe('');
      expect(await stage.file('folder/here')).toBe('');
    },
  },
  ...['..', '../..', '/', '/tmp', 'a/../..', 'link'].map(
    (cwd): StepRunnerScenario => ({
      name: `refuses to work in ${cwd}`,
      async play(stage, expect) {
        await symlink(tmpdir(), join(stage.workspace, 'link'));
        await expect(stage.run(node('', { cwd }))).rejects.toMatchObject({
          code: 'CWD_OUTSIDE',
        });
      },
    }),
  ),
  ...['sh', '/bin/sh', '../node', './node', 'node ', 'no-such'].map(
    (program): StepRunnerScenario => ({
      name: `refuses the program ${JSON.stringify(program)}`,
      async play(stage, expect) {
        await expect(stage.run({ program })).rejects.toMatchObject({
          code: 'PROGRAM_NOT_ALLOWED',
        });
      },
    }),
  ),
  ...['LD_PRELOAD', 'NODE_OPTIONS', 'DYLD_INSERT_LIBRARIES', 'PATH'].map(
    (name): StepRunnerScenario => ({
      name: `refuses the variable ${name}`,
      async play(stage, expect) {
        await expect(
          stage.run(node('', { env: { [name]: 'x' } })),
        ).rejects.toMatchObject({ code: 'ENVIRONMENT_REFUSED' });
      },
    }),
  ),
  {
    name: 'leaves nothing running that the program has started',
    async play(stage, expect) {
      const child = `
        const fs = require('fs');
        process.on('SIGTERM', () => {});
        setInterval(() => fs.appendFileSync(process.argv[1], '.'), 20);
      `;
      await stage.run(
        node(`
          const { spawn } = require('child_process');
          const fs = require('fs');
          const start = (name, stdio) =>
            spawn(process.execPath, ['-e', ${JSON.stringify(child)}, name], { stdio }).unref();
          start('one', 'ignore');
          start('two', 'inherit');
          const look = () =>
            fs.existsSync('one') && fs.existsSync('two') ? process.exit() : setTimeout(look, 20);
          look();
        `),
      );
      const before = [await stage.file('one'), await stage.file('two')];
      await pause(500);
      expect([await stage.file('one'), await stage.file('two')]).toEqual(
        before,
      );
    },
  },
];
