import { node, pause, StepRunnerScenario } from './StepRunnerStage';

const STUBBORN = `
      process.on('SIGTERM', () => console.log('asked'));
      setInterval(() => {}, 1000);
      console.log('ready');
    `;

/** How a program is brought to its end. */
export const cancelling: StepRunnerScenario[] = [
  {
    name: 'tells a program to end when its time is over',
    async play(stage, expect) {
      await expect(
        stage.run(
          node('setInterval(() => {}, 1000)', { limits: { timeMs: 1000 } }),
        ),
      ).resolves.toMatchObject({ signal: 'SIGTERM', stoppedBy: 'time' });
    },
  },
  {
    name: 'asks a program to end when it is cancelled, and waits',
    async play(stage, expect) {
      const controller = new AbortController();
      const context = stage.contextOf({ signal: controller.signal });
      const ended = stage.runner.run(
        node(`
          process.on('SIGTERM', () => setTimeout(() => process.exit(7), 300));
          setInterval(() => {}, 1000);
          console.log('ready');
        `),
        context,
      );
      await stage.says(context, 'ready');
      controller.abort();
      await expect(ended).resolves.toMatchObject({
        exitCode: 7,
        stoppedBy: 'cancel',
      });
    },
  },
  {
    name: 'kills a program that does not end within its grace',
    async play(stage, expect) {
      const controller = new AbortController();
      const context = stage.contextOf({ signal: controller.signal });
      const ended = stage.runner.run(node(STUBBORN, { graceMs: 500 }), context);
      await stage.says(context, 'ready');
      controller.abort();
      await expect(ended).resolves.toMatchObject({
        signal: 'SIGKILL',
        stoppedBy: 'cancel',
      });
      expect(context.texts()).toContain('asked');
    },
  },
  {
    name: 'kills a program with unlimited grace only when forced to',
    async play(stage, expect) {
      const controller = new AbortController();
      const context = stage.contextOf({ signal: controller.signal });
      let over = false;
      const ended = stage.runner
        .run(node(STUBBORN, { graceMs: Infinity }), context)
        .finally(() => {
          over = true;
        });
      await stage.says(context, 'ready');
      controller.abort();
      await stage.says(context, 'asked');
      await pause(1000);
      expect(over).toBe(false);
      await stage.runner.cancel(context.key, { force: true });
      await expect(ended).resolves.toMatchObject({
        signal: 'SIGKILL',
        stoppedBy: 'cancel',
      });
    },
  },
  {
    name: 'starts nothing when it is cancelled before',
    async play(stage, expect) {
      const signal = AbortSignal.abort(new Error('The lease is lost'));
      const script = node('require("fs").writeFileSync("started", "")');
      await expect(
        stage.run(script, stage.contextOf({ signal })),
      ).rejects.toThrow('The lease is lost');
      await expect(
        stage.run(script, stage.contextOf({ detach: signal })),
      ).rejects.toThrow('The lease is lost');
      await pause(500);
      expect(await stage.file('started')).toBeUndefined();
    },
  },
  {
    name: 'cancels a program that it is attached to',
    async play(stage, expect) {
      const detach = new AbortController();
      const first = stage.contextOf({ detach: detach.signal });
      const ended = stage.runner.run(
        node('setInterval(() => {}, 1000); console.log("ready")'),
        first,
      );
      await stage.says(first, 'ready');
      detach.abort(new Error('gone'));
      await expect(ended).rejects.toThrow('gone');
      await expect(
        stage.runner.attach(
          stage.contextOf({ key: first.key, signal: AbortSignal.abort() }),
        ),
      ).resolves.toMatchObject({ signal: 'SIGTERM', stoppedBy: 'cancel' });
    },
  },
];
