import {
  ExitResult,
  ProcessContext,
  ProcessLine,
  ProcessSpec,
  StepRunner,
} from '@innominatus/backstage-plugin-innominatus-node';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface StepRunnerContractOptions {
  /** Shown in the name of the tests. */
  name: string;
  /**
   * Makes a runner that may run `node` and nothing else. Runners that are made
   * with the same folder share their state, as after a restart.
   */
  createRunner(folder: string): StepRunner | Promise<StepRunner>;
  /** How long a program may take to start. Default 20 seconds. */
  startupMs?: number;
}

/**
 * The tests that every step runner has to pass.
 *
 * Call it at the top of a test file. It needs Jest.
 */
export function describeStepRunnerContract(
  options: StepRunnerContractOptions,
): void {
  const { startupMs = 20_000 } = options;

  describe(`step runner "${options.name}"`, () => {
    jest.setTimeout(4 * startupMs);

    let folder: string;
    let workspace: string;
    let runner: StepRunner;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'step-runner-'));
      workspace = join(folder, 'workspace');
      await mkdir(workspace);
      runner = await options.createRunner(folder);
    });

    afterEach(async () => {
      await rm(folder, { recursive: true, force: true });
    });

    function contextOf(
      context: Partial<ProcessContext> = {},
    ): ProcessContext & { lines: ProcessLine[]; texts(): string[] } {
      const lines: ProcessLine[] = [];
      return {
        key: `${randomUUID()}/step/1`,
        workspace,
        signal: new AbortController().signal,
        onLine: line => lines.push(line),
        ...context,
        lines,
        texts: () => lines.map(line => line.text),
      };
    }

    const node = (
      script: string,
      spec: Partial<ProcessSpec> = {},
    ): ProcessSpec => ({
      program: 'node',
      ...spec,
      args: ['-e', script, ...(spec.args ?? [])],
    });

    async function run(
      spec: ProcessSpec,
      context = contextOf(),
    ): Promise<ExitResult & { texts: string[] }> {
      const result = await runner.run(spec, context);
      return { ...result, texts: context.texts() };
    }

    async function says(
      context: { texts(): string[] },
      text: string,
    ): Promise<void> {
      const end = performance.now() + startupMs;
      while (!context.texts().includes(text)) {
        if (performance.now() > end) {
          throw new Error(
            `The program did not say "${text}" but ${JSON.stringify(context.texts())}`,
          );
        }
        await new Promise(resolve => setTimeout(resolve, 10));
      }
    }

    const file = (name: string) =>
      readFile(join(workspace, name), 'utf8').catch(() => undefined);

    it('answers the exit code', async () => {
      await expect(run(node(''))).resolves.toEqual({
        exitCode: 0,
        outputTruncated: false,
        texts: [],
      });
      await expect(run(node('process.exit(3)'))).resolves.toMatchObject({
        exitCode: 3,
      });
    });

    it('answers the signal that ended a program', async () => {
      const result = await run(node('process.kill(process.pid, "SIGKILL")'));
      expect(result).toMatchObject({ signal: 'SIGKILL' });
      expect(result.exitCode).toBeUndefined();
      expect(result.stoppedBy).toBeUndefined();
    });

    it('hands lines on in their order, while the program runs', async () => {
      const context = contextOf();
      const ended = runner.run(
        node(`
          for (let i = 0; i < 1000; i++) console.log('line ' + i);
          process.stdout.write('no end of line');
          process.stdin.on('end', () => {}).resume();
          const fs = require('fs');
          const look = () => fs.existsSync('go') ? 0 : setTimeout(look, 20);
          look();
        `),
        context,
      );
      await says(context, 'line 999');
      await mkdir(join(workspace, 'go'));
      await expect(ended).resolves.toMatchObject({ exitCode: 0 });
      expect(context.texts()).toEqual([
        ...Array.from({ length: 1000 }, (_, i) => `line ${i}`),
        'no end of line',
      ]);
      expect(context.lines.every(line => !line.replayed)).toBe(true);
    });

    it('tells the streams apart', async () => {
      const context = contextOf();
      await runner.run(
        node('console.log("one"); console.error("two")'),
        context,
      );
      expect(context.lines).toEqual(
        expect.arrayContaining([
          { stream: 'stdout', text: 'one', replayed: false },
          { stream: 'stderr', text: 'two', replayed: false },
        ]),
      );
    });

    it('puts characters together that arrive in pieces', async () => {
      const { texts } = await run(
        node(`
          const bytes = Buffer.from('grüße 🚀\\r\\nnext\\n');
          (async () => {
            for (const byte of bytes) {
              process.stdout.write(Buffer.from([byte]));
              await new Promise(resolve => setTimeout(resolve, 2));
            }
          })();
        `),
      );
      expect(texts).toEqual(['grüße 🚀', 'next']);
    });

    it('survives binary output and lines without an end', async () => {
      const { exitCode, texts } = await run(
        node(`
          process.stdout.write(Buffer.from([0, 255, 254, 27, 91, 65, 10]));
          process.stdout.write('x'.repeat(3000000) + '\\nlast\\n');
        `),
      );
      expect(exitCode).toBe(0);
      expect(texts.at(-1)).toBe('last');
      expect(texts.every(text => text.length < 100_000)).toBe(true);
      expect(texts.join('')).not.toMatch(/\p{Cc}/u);
    });

    it('drops output beyond the limit, and lets the program go on', async () => {
      const { exitCode, outputTruncated, texts } = await run(
        node(
          `
            for (let i = 0; i < 200000; i++) console.log('line ' + i);
            require('fs').writeFileSync('done', '');
          `,
          { limits: { outputBytes: 10_000 } },
        ),
      );
      expect({ exitCode, outputTruncated }).toEqual({
        exitCode: 0,
        outputTruncated: true,
      });
      expect(await file('done')).toBe('');
      expect(texts.join('\n').length).toBeLessThan(12_000);
      expect(texts.filter(text => !text.startsWith('line '))).toEqual([
        expect.stringContaining('10000 bytes'),
      ]);
    });

    it('gives the program no variables but its own', async () => {
      process.env.INNOMINATUS_CANARY = 'of the backend';
      const { texts } = await run(
        node('console.log(JSON.stringify(process.env))', {
          env: { GREETING: 'hello $HOME' },
        }),
      );
      delete process.env.INNOMINATUS_CANARY;
      const env = JSON.parse(texts[0]);
      expect(env.GREETING).toBe('hello $HOME');
      expect(env.HOME).not.toBe(process.env.HOME);
      expect(
        Object.keys(env).filter(
          name => !name.startsWith('INNOMINATUS_PROCESS'),
        ),
      ).toEqual(
        expect.arrayContaining(['GREETING', 'HOME', 'LANG', 'PATH', 'TMPDIR']),
      );
      expect(JSON.stringify(env)).not.toContain('of the backend');
    });

    it('lets no shell see the arguments', async () => {
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
      const { texts } = await run(
        node('console.log(JSON.stringify(process.argv.slice(1)))', {
          args: ['--', ...args],
        }),
      );
      expect(JSON.parse(texts[0])).toEqual(expect.arrayContaining(args));
      for (const name of [
        'substituted',
        'ticked',
        'chained',
        'and',
        'redirected',
      ]) {
        expect(await file(name)).toBeUndefined();
      }
    });

    it('hands the standard input over and ends it', async () => {
      const { texts } = await run(
        node('process.stdin.pipe(process.stdout)', { stdin: 'from the step' }),
      );
      expect(texts).toEqual(['from the step']);
      await expect(
        run(node('process.stdin.on("end", () => process.exit(4)).resume()')),
      ).resolves.toMatchObject({ exitCode: 4 });
    });

    it('works in the workspace, or in a folder of it', async () => {
      await mkdir(join(workspace, 'folder'));
      const where = 'require("fs").writeFileSync("here", "")';
      await run(node(where));
      await run(node(where, { cwd: 'folder' }));
      expect(await file('here')).toBe('');
      expect(await file('folder/here')).toBe('');
    });

    it.each(['..', '../..', '/', '/tmp', 'a/../..', 'link'])(
      'refuses to work in %s',
      async cwd => {
        await symlink(tmpdir(), join(workspace, 'link'));
        await expect(run(node('', { cwd }))).rejects.toMatchObject({
          code: 'CWD_OUTSIDE',
        });
      },
    );

    it.each(['sh', '/bin/sh', '../node', './node', 'node ', 'no-such'])(
      'refuses the program %j',
      async program => {
        await expect(run({ program })).rejects.toMatchObject({
          code: 'PROGRAM_NOT_ALLOWED',
        });
      },
    );

    it.each(['LD_PRELOAD', 'NODE_OPTIONS', 'DYLD_INSERT_LIBRARIES', 'PATH'])(
      'refuses the variable %s',
      async name => {
        await expect(
          run(node('', { env: { [name]: 'x' } })),
        ).rejects.toMatchObject({ code: 'ENVIRONMENT_REFUSED' });
      },
    );

    it('tells a program to end when its time is over', async () => {
      await expect(
        run(node('setInterval(() => {}, 1000)', { limits: { timeMs: 1000 } })),
      ).resolves.toMatchObject({ signal: 'SIGTERM', stoppedBy: 'time' });
    });

    const STUBBORN = `
      process.on('SIGTERM', () => console.log('asked'));
      setInterval(() => {}, 1000);
      console.log('ready');
    `;

    it('asks a program to end when it is cancelled, and waits', async () => {
      const controller = new AbortController();
      const context = contextOf({ signal: controller.signal });
      const ended = runner.run(
        node(`
          process.on('SIGTERM', () => setTimeout(() => process.exit(7), 300));
          setInterval(() => {}, 1000);
          console.log('ready');
        `),
        context,
      );
      await says(context, 'ready');
      controller.abort();
      await expect(ended).resolves.toMatchObject({
        exitCode: 7,
        stoppedBy: 'cancel',
      });
    });

    it('kills a program that does not end within its grace', async () => {
      const controller = new AbortController();
      const context = contextOf({ signal: controller.signal });
      const ended = runner.run(node(STUBBORN, { graceMs: 500 }), context);
      await says(context, 'ready');
      controller.abort();
      await expect(ended).resolves.toMatchObject({
        signal: 'SIGKILL',
        stoppedBy: 'cancel',
      });
      expect(context.texts()).toContain('asked');
    });

    it('kills a program with unlimited grace only when forced to', async () => {
      const controller = new AbortController();
      const context = contextOf({ signal: controller.signal });
      let over = false;
      const ended = runner
        .run(node(STUBBORN, { graceMs: Infinity }), context)
        .finally(() => {
          over = true;
        });
      await says(context, 'ready');
      controller.abort();
      await says(context, 'asked');
      await new Promise(resolve => setTimeout(resolve, 1000));
      expect(over).toBe(false);
      await runner.cancel(context.key, { force: true });
      await expect(ended).resolves.toMatchObject({
        signal: 'SIGKILL',
        stoppedBy: 'cancel',
      });
    });

    it('starts nothing when it is cancelled before', async () => {
      const signal = AbortSignal.abort(new Error('The lease is lost'));
      const script = node('require("fs").writeFileSync("started", "")');
      await expect(run(script, contextOf({ signal }))).rejects.toThrow(
        'The lease is lost',
      );
      await expect(run(script, contextOf({ detach: signal }))).rejects.toThrow(
        'The lease is lost',
      );
      await new Promise(resolve => setTimeout(resolve, 500));
      expect(await file('started')).toBeUndefined();
    });

    it('leaves nothing running that the program has started', async () => {
      const child = `
        const fs = require('fs');
        process.on('SIGTERM', () => {});
        setInterval(() => fs.appendFileSync(process.argv[1], '.'), 20);
      `;
      await run(
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
      const before = [await file('one'), await file('two')];
      await new Promise(resolve => setTimeout(resolve, 500));
      expect([await file('one'), await file('two')]).toEqual(before);
    });

    it('starts a key once, however often it is asked to', async () => {
      const key = `${randomUUID()}/step/1`;
      const spec = node(`
        require('fs').appendFileSync('ledger', 'started\\n');
        setTimeout(() => { console.log('over'); process.exit(5); }, 500);
      `);
      const contexts = Array.from({ length: 4 }, () => contextOf({ key }));
      const other = await options.createRunner(folder);
      const results = await Promise.all(
        contexts.map((context, i) =>
          (i % 2 === 0 ? runner : other).run(spec, context),
        ),
      );
      const late = contextOf({ key });
      results.push(await runner.run(spec, late));
      expect(results.map(result => result.exitCode)).toEqual([5, 5, 5, 5, 5]);
      expect(await file('ledger')).toBe('started\n');
      expect(late.texts()).toEqual(['over']);
    });

    it('lets go of a program, and another one goes on with it', async () => {
      const detach = new AbortController();
      const first = contextOf({
        detach: detach.signal,
        flush: async () => true,
      });
      const { key } = first;
      const ended = runner.run(
        node(`
          const fs = require('fs');
          fs.appendFileSync('ledger', 'started\\n');
          console.log('before');
          const look = () => {
            if (!fs.existsSync('go')) return setTimeout(look, 20);
            console.log('after');
            process.exit(6);
          };
          look();
        `),
        first,
      );
      await says(first, 'before');
      await new Promise(resolve => setTimeout(resolve, 300));
      detach.abort(new Error('This backend shuts down'));
      await expect(ended).rejects.toThrow('This backend shuts down');

      const second = contextOf({ key });
      const next = await options.createRunner(folder);
      const attached = next.attach(second);
      await says(second, 'before');
      await mkdir(join(workspace, 'go'));
      await expect(attached).resolves.toMatchObject({ exitCode: 6 });
      expect(second.lines).toEqual([
        { stream: 'stdout', text: 'before', replayed: true },
        { stream: 'stdout', text: 'after', replayed: false },
      ]);
      expect(await file('ledger')).toBe('started\n');
    });

    it('does not take lines for logged that could not be kept', async () => {
      const first = contextOf({ flush: async () => false });
      await runner.run(node('console.log("unlogged")'), first);
      const second = contextOf({ key: first.key });
      await runner.attach(second);
      expect(second.lines).toEqual([
        { stream: 'stdout', text: 'unlogged', replayed: false },
      ]);
    });

    it('cancels a program that it is attached to', async () => {
      const detach = new AbortController();
      const first = contextOf({ detach: detach.signal });
      const ended = runner.run(
        node('setInterval(() => {}, 1000); console.log("ready")'),
        first,
      );
      await says(first, 'ready');
      detach.abort(new Error('gone'));
      await expect(ended).rejects.toThrow('gone');
      await expect(
        runner.attach(
          contextOf({ key: first.key, signal: AbortSignal.abort() }),
        ),
      ).resolves.toMatchObject({ signal: 'SIGTERM', stoppedBy: 'cancel' });
    });

    it('knows nothing of a key that was never started, or is forgotten', async () => {
      await expect(runner.attach(contextOf())).resolves.toBeUndefined();
      await expect(runner.cancel('no/such/1')).resolves.toBeUndefined();
      const context = contextOf();
      await runner.run(node(''), context);
      await expect(runner.attach(context)).resolves.toMatchObject({
        exitCode: 0,
      });
      await runner.forget(context.key.split('/')[0]);
      await expect(runner.attach(context)).resolves.toBeUndefined();
    });
  });
}
