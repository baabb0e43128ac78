import { ContractStage, stepOf } from '../ContractStage';
import { inOrder } from '../contractWorkflow';
import { Scenario } from './Scenario';

const RESTARTS = 6;

/** Each visit but the last is still at work when its workers stop. */
function busyUntil(stage: ContractStage, step: string, last: number): void {
  stage.script(step, async ({ signal }, visit) => {
    if (visit < last) {
      const { opened } = stage.gate();
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        opened.then(resolve);
      });
    }
    return { outputs: { visit } };
  });
}

export const takeovers: Scenario[] = [
  {
    name: 'takes nothing from a worker that lost its run',
    needs: ['stall'],
    play: async (stage, expect) => {
      const gates = [stage.gate(), stage.gate()];
      stage.script('a', async (_context, visit) => {
        await gates[visit - 1].opened;
        return { outputs: { visit } };
      });
      const id = await stage.start(inOrder([{ name: 'a' }, { name: 'b' }]));
      await stage.begun(id, 'a');
      const stalled = await stage.harness.stallWorkers?.();
      await stage.begun(id, 'a', 2);
      const before = await stage.harness.events(id);
      await stalled?.resume();
      // The same attempt of the same step, but from a worker that is out.
      gates[0].open();
      await stage.quiet(600);
      expect(await stage.harness.events(id)).toEqual(before);
      gates[1].open();
      const view = await stage.end(id);
      expect(stepOf(view, 'a').outputs).toEqual({ visit: 2 });
      const [stale, fresh] = stage.visits(id, 'a');
      expect(fresh.fencingToken).toBeGreaterThan(stale.fencingToken);
      expect(stage.visits(id, 'b')).toHaveLength(1);
    },
  },
  {
    name: 'hands runs over when workers stop in good order, any number of times',
    needs: ['shutdown'],
    play: async (stage, expect) => {
      busyUntil(stage, 'b', RESTARTS + 1);
      const id = await stage.start(
        inOrder([{ name: 'a' }, { name: 'b', type: 'rerun' }, { name: 'c' }]),
      );
      for (let i = 1; i <= RESTARTS; i++) {
        await stage.begun(id, 'b', i);
        await stage.harness.stopWorkers?.();
      }
      const view = await stage.end(id);
      expect(view.status).toBe('succeeded');
      expect(stage.visits(id, 'a')).toHaveLength(1);
      expect(stage.visits(id, 'c')).toHaveLength(1);
    },
  },
  {
    name: 'records what running steps answer while workers stop',
    needs: ['shutdown'],
    play: async (stage, expect) => {
      stage.script('a', async () => {
        await stage.quiet(150);
        return { outputs: { done: true } };
      });
      const id = await stage.start(inOrder([{ name: 'a' }, { name: 'b' }]));
      await stage.begun(id, 'a');
      await stage.harness.stopWorkers?.();
      await stage.end(id);
      expect(stage.visits(id).map(visit => visit.step)).toEqual(['a', 'b']);
    },
  },
  {
    name: 'goes on when what it keeps its runs in was away',
    needs: ['outage'],
    play: async (stage, expect) => {
      const gate = stage.gate();
      stage.script('a', () => gate.opened);
      const id = await stage.start(inOrder([{ name: 'a' }, { name: 'b' }]));
      const other = await stage.start([{ name: 'asked', when: 'manual' }]);
      await stage.begun(id, 'a');
      await stage.until(other, ({ status }) => status === 'waiting');
      await stage.harness.restartServer?.();
      gate.open();
      expect((await stage.end(id)).status).toBe('succeeded');
      await stage.signal(other, 'approve');
      expect((await stage.end(other)).status).toBe('succeeded');
    },
  },
];
