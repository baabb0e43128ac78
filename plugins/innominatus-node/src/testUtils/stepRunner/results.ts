import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { node, StepRunnerScenario } from './StepRunnerStage';

/** What comes out of a program, and what goes into it. */
export const results: StepRunnerScenario[] = [
  {
    name: 'answers the exit code',
    async play(stage, expect) {
      await expect(stage.run(node(''))).resolves.toEqual({
        exitCode: 0,
        outputTruncated: false,
        texts: [],
      });
      await expect(stage.run(node('process.exit(3)'))).resolves.toMatchObject({
        exitCode: 3,
      });
    },
  },
  {
    name: 'answers the signal that ended a program',
    async play(stage, expect) {
      const result = await stage.run(
        node('process.kill(process.pid, "SIGKILL")'),
      );
      expect(result).toMatchObject({ signal: 'SIGKILL' });
      expect(result.exitCode).toBeUndefined();
      expect(result.stoppedBy).toBeUndefined();
    },
  },
  {
    name: 'hands lines on in their order, while the program runs',
    async play(stage, expect) {
      const context = stage.contextOf();
      const ended = stage.runner.run(
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
      await stage.says(context, 'line 999');
      await mkdir(join(stage.workspace, 'go'));
      await expect(ended).resolves.toMatchObject({ exitCode: 0 });
      expect(context.texts()).toEqual([
        ...Array.from({ length: 1000 }, (_, i) => `line ${i}`),
        'no end of line',
      ]);
      expect(context.lines.every(line => !line.replayed)).toBe(true);
    },
  },
  {
    name: 'tells the streams apart',
    async play(stage, expect) {
      const context = stage.contextOf();
      await stage.runner.run(
        node('console.log("one"); console.error("two")'),
        context,
      );
      expect(context.lines).toEqual(
        expect.arrayContaining([
          { stream: 'stdout', text: 'one', replayed: false },
          { stream: 'stderr', text: 'two', replayed: false },
        ]),
      );
    },
  },
  {
    name: 'puts characters together that arrive in pieces',
    async play(stage, expect) {
      const { texts } = await stage.run(
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
    },
  },
  {
    name: 'survives binary output and lines without an end',
    async play(stage, expect) {
      const { exitCode, texts } = await stage.run(
        node(`
          process.stdout.write(Buffer.from([0, 255, 254, 27, 91, 65, 10]));
          process.stdout.write('x'.repeat(3000000) + '\\nlast\\n');
        `),
      );
      expect(exitCode).toBe(0);
      expect(texts.at(-1)).toBe('last');
      expect(texts.every(text => text.length < 100_000)).toBe(true);
      expect(texts.join('')).not.toMatch(/\p{Cc}/u);
    },
  },
  {
    name: 'drops output beyond the limit, and lets the program go on',
    async play(stage, expect) {
      const { exitCode, outputTruncated, texts } = await stage.run(
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
      expect(await stage.file('done')).toBe('');
      expect(texts.join('\n').length).toBeLessThan(12_000);
      expect(texts.filter(text => !text.startsWith('line '))).toEqual([
        expect.stringContaining('10000 bytes'),
      ]);
    },
  },
  {
    name: 'hands the standard input over and ends it',
    async play(stage, expect) {
      const { texts } = await stage.run(
        node('process.stdin.pipe(process.stdout)', { stdin: 'from the step' }),
      );
      expect(texts).toEqual(['from the step']);
      await expect(
        stage.run(
          node('process.stdin.on("end", () => process.exit(4)).resume()'),
        ),
      ).resolves.toMatchObject({ exitCode: 4 });
    },
  },
];
