import { statuses, stepOf } from '../ContractStage';
import { inOrder } from '../contractWorkflow';
import { Scenario } from './Scenario';

export const time: Scenario[] = [
  {
    name: 'stops a step whose time is over, and does not try it again',
    play: async (stage, expect) => {
      stage.untilAborted('a');
      const id = await stage.start([
        { name: 'a', timeoutMs: 100, retry: { attempts: 3 } },
      ]);
      const { error } = stepOf(await stage.end(id), 'a');
      expect(error).toMatchObject({ code: 'STEP_TIMEOUT', transient: false });
      expect(stage.visits(id)).toHaveLength(1);
    },
  },
  {
    name: 'stops a run whose time is over, and still cleans up',
    play: async (stage, expect) => {
      stage.untilAborted('b');
      const id = await stage.start(
        [
          ...inOrder([{ name: 'a' }, { name: 'b' }, { name: 'c' }]),
          { name: 'tidy', finally: true },
        ],
        { timeoutMs: 600 },
      );
      const view = await stage.end(id);
      expect(view.status).toBe('failed');
      expect(view.failure?.error.code).toBe('RUN_TIMEOUT');
      expect(statuses(view)).toEqual([
        'succeeded',
        'cancelled',
        'cancelled',
        'succeeded',
      ]);
      expect(stage.visits(id, 'c')).toEqual([]);
    },
  },
  {
    name: 'does not count the time that a run waits for a person',
    play: async (stage, expect) => {
      const id = await stage.start([{ name: 'a', when: 'manual' }], {
        timeoutMs: 700,
      });
      await stage.untilStep(id, 'a', step => step.status === 'waiting');
      await stage.quiet(900);
      await stage.signal(id, 'approve');
      expect((await stage.end(id)).status).toBe('succeeded');
    },
  },
];
