import { StepWait } from '@innominatus/backstage-plugin-innominatus-node';
import { ContractStage } from '../ContractStage';
import { inOrder } from '../contractWorkflow';
import { aborted } from '../gate';
import { Scenario } from './Scenario';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The step waits until it is the given turn, then answers its number. */
function untilTurn(
  stage: ContractStage,
  turns: number,
  wait: { lookAfterMs?: number; expiresAfterMs?: number } = {},
): void {
  stage.script('a', async (context, visit) => {
    context.signal.throwIfAborted();
    if (visit < turns) {
      throw new StepWait({ message: `For turn ${visit + 1}.`, ...wait });
    }
    return { outputs: { visit } };
  });
}

export const outside: Scenario[] = [
  {
    name: 'waits for something outside until it is woken, in the same attempt',
    play: async (stage, expect) => {
      untilTurn(stage, 3);
      const id = await stage.start(
        inOrder([{ name: 'a', type: 'resume' }, { name: 'b' }]),
      );
      for (const turn of [2, 3]) {
        const view = await stage.until(
          id,
          ({ waiting }) => waiting?.message === `For turn ${turn}.`,
        );
        expect(view.status).toBe('waiting');
        expect(view.waiting?.kind).toBe('outside');
        await stage.quiet();
        await stage.signal(id, 'wake', { step: 'a' });
      }
      const view = await stage.end(id);
      expect(view.status).toBe('succeeded');
      expect(view.steps[0].outputs).toEqual({ visit: 3 });
      const visits = stage.visits(id, 'a');
      expect(visits.map(({ key }) => key)).toEqual(Array(3).fill(`${id}/a/1`));
      expect(visits.map(({ resumed }) => resumed)).toEqual([false, true, true]);
    },
  },
  {
    name: 'does not miss what happens while a step is about to wait',
    play: async (stage, expect) => {
      const gate = stage.gate();
      stage.script('a', async (_context, visit) => {
        if (visit === 1) {
          await gate.opened;
          throw new StepWait({ message: 'Too early.' });
        }
        return {};
      });
      const id = await stage.start([{ name: 'a', type: 'resume' }]);
      await stage.begun(id, 'a');
      await stage.signal(id, 'wake', { step: 'a' });
      await stage.eventually(
        async () => (await stage.countEvents(id, 'Signal')) === 1,
        () => 'the signal to be taken in',
      );
      gate.open();
      expect((await stage.end(id)).status).toBe('succeeded');
    },
  },
  {
    name: 'looks again by itself',
    play: async (stage, expect) => {
      untilTurn(stage, 3, { lookAfterMs: 50 });
      const id = await stage.start([{ name: 'a', type: 'resume' }]);
      expect((await stage.end(id)).status).toBe('succeeded');
      expect(stage.visits(id, 'a')).toHaveLength(3);
    },
  },
  {
    name: 'fails a step for which nothing came back in time',
    play: async (stage, expect) => {
      untilTurn(stage, 2, { expiresAfterMs: 100 });
      const id = await stage.start(
        inOrder([{ name: 'a', type: 'resume' }, { name: 'b' }]),
      );
      const view = await stage.end(id);
      expect(view.failure?.error.code).toBe('WAIT_EXPIRED');
      expect(stage.visits(id, 'a')).toHaveLength(1);
      expect(stage.visits(id, 'b')).toEqual([]);
    },
  },
  {
    name: 'tells a step that waits outside when the run is cancelled',
    play: async (stage, expect) => {
      let told = false;
      stage.script('a', async ({ signal }, visit) => {
        if (visit > 1) {
          await aborted(signal);
          told = true;
          throw signal.reason;
        }
        throw new StepWait({ message: 'For ever.', lookAfterMs: DAY_MS });
      });
      const id = await stage.start([{ name: 'a', type: 'resume' }]);
      await stage.until(id, ({ status }) => status === 'waiting');
      await stage.signal(id, 'cancel');
      expect((await stage.end(id)).status).toBe('cancelled');
      expect(told).toBe(true);
    },
  },
  {
    name: 'goes on waiting outside when no worker lives',
    needs: ['crash'],
    play: async (stage, expect) => {
      untilTurn(stage, 2);
      const id = await stage.start([{ name: 'a', type: 'resume' }]);
      await stage.until(id, ({ status }) => status === 'waiting');
      await stage.harness.killWorkers?.();
      await stage.quiet();
      expect(stage.visits(id, 'a')).toHaveLength(1);
      await stage.signal(id, 'wake', { step: 'a' });
      expect((await stage.end(id)).status).toBe('succeeded');
      expect(stage.visits(id, 'a')).toHaveLength(2);
    },
  },
];
