import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { node, pause, StepRunnerScenario } from './StepRunnerStage';

/** How one program is shared by whoever asks for it. */
export const attaching: StepRunnerScenario[] = [
  {
    name: 'starts a key once, however often it is asked to',
    async play(stage, expect) {
      const key = `${randomUUID()}/step/1`;
      const spec = node(`
        require('fs').appendFileSync('ledger', 'started\\n');
        setTimeout(() => { console.log('over'); process.exit(5); }, 500);
      `);
      const contexts = Array.from({ length: 4 }, () =>
        stage.contextOf({ key }),
      );
      const other = await stage.anotherRunner();
      const results = await Promise.all(
        contexts.map((context, i) =>
          (i % 2 === 0 ? stage.runner : other).run(spec, context),
        ),
      );
      const late = stage.contextOf({ key });
      results.push(await stage.runner.run(spec, late));
      expect(results.map(result => result.exitCode)).toEqual([5, 5, 5, 5, 5]);
      expect(await stage.file('ledger')).toBe('started\n');
      expect(late.texts()).toEqual(['over']);
    },
  },
  {
    name: 'lets go of a program, and another one goes on with it',
    async play(stage, expect) {
      const detach = new AbortController();
      const first = stage.contextOf({
        detach: detach.signal,
        flush: async () => true,
      });
      const { key } = first;
      const ended = stage.runner.run(
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
      await stage.says(first, 'before');
      await pause(300);
      detach.abort(new Error('This backend shuts down'));
      await expect(ended).rejects.toThrow('This backend shuts down');

      const second = stage.contextOf({ key });
      const next = await stage.anotherRunner();
      const attached = next.attach(second);
      await stage.says(second, 'before');
      await mkdir(join(stage.workspace, 'go'));
      await expect(attached).resolves.toMatchObject({ exitCode: 6 });
      expect(second.lines).toEqual([
        { stream: 'stdout', text: 'before', replayed: true },
        { stream: 'stdout', text: 'after', replayed: false },
      ]);
      expect(await stage.file('ledger')).toBe('started\n');
    },
  },
  {
    name: 'does not take lines for logged that could not be kept',
    async play(stage, expect) {
      const first = stage.contextOf({ flush: async () => false });
      await stage.runner.run(node('console.log("unlogged")'), first);
      const second = stage.contextOf({ key: first.key });
      await stage.runner.attach(second);
      expect(second.lines).toEqual([
        { stream: 'stdout', text: 'unlogged', replayed: false },
      ]);
    },
  },
  {
    name: 'knows nothing of a key that was never started, or is forgotten',
    async play(stage, expect) {
      await expect(
        stage.runner.attach(stage.contextOf()),
      ).resolves.toBeUndefined();
      await expect(stage.runner.cancel('no/such/1')).resolves.toBeUndefined();
      const context = stage.contextOf();
      await stage.runner.run(node(''), context);
      await expect(stage.runner.attach(context)).resolves.toMatchObject({
        exitCode: 0,
      });
      await stage.runner.forget(context.key.split('/')[0]);
      await expect(stage.runner.attach(context)).resolves.toBeUndefined();
    },
  },
];
