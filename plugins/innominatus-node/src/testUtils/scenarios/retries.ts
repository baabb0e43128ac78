import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { ContractStage, stepOf } from '../ContractStage';
import { Scenario } from './Scenario';

/** The step fails so often, then succeeds. */
function failTimes(
  stage: ContractStage,
  times: number,
  options: { code?: string; transient?: boolean } = {},
): void {
  stage.script('a', async (_context, visit) => {
    if (visit <= times) {
      throw new StepFailure(`Failure ${visit}`, {
        code: 'BUSY',
        transient: true,
        ...options,
      });
    }
  });
}

export const retries: Scenario[] = [
  {
    name: 'tries a step again until it succeeds, each time with a new key',
    play: async (stage, expect) => {
      failTimes(stage, 2);
      const id = await stage.start([{ name: 'a', retry: { attempts: 4 } }]);
      const step = stepOf(await stage.end(id), 'a');
      expect(step).toMatchObject({ status: 'succeeded', attempt: 3 });
      expect(stage.visits(id).map(visit => visit.key)).toEqual([
        `${id}/a/1`,
        `${id}/a/2`,
        `${id}/a/3`,
      ]);
    },
  },
  {
    name: 'waits between the attempts, longer each time',
    play: async (stage, expect) => {
      failTimes(stage, 2);
      const id = await stage.start([
        {
          name: 'a',
          retry: {
            attempts: 3,
            backoff: { initialMs: 150, factor: 3, maxMs: 10_000, jitter: 0 },
          },
        },
      ]);
      const waiting = await stage.untilStep(
        id,
        'a',
        step => step.waiting?.kind === 'retry',
      );
      expect(waiting).toMatchObject({
        status: 'waiting',
        error: { message: expect.stringContaining('Failure') },
        waiting: { until: expect.any(Number) },
      });
      await stage.end(id);
      const [first, second, third] = stage.visits(id);
      // The clock that the runtime waits on may tick in other steps than ours.
      expect(second.at - first.overAt!).toBeGreaterThan(130);
      expect(third.at - second.overAt!).toBeGreaterThan(420);
    },
  },
  {
    name: 'gives up after the last attempt, with the last error',
    play: async (stage, expect) => {
      failTimes(stage, 10);
      const id = await stage.start([{ name: 'a', retry: { attempts: 3 } }]);
      const view = await stage.end(id);
      expect(view.status).toBe('failed');
      expect(stepOf(view, 'a')).toMatchObject({ status: 'failed', attempt: 3 });
      expect(view.failure?.error.message).toBe('Failure 3');
      expect(stage.visits(id)).toHaveLength(3);
    },
  },
  {
    name: 'does not try again what is not transient',
    play: async (stage, expect) => {
      failTimes(stage, 1, { transient: false });
      const id = await stage.start([{ name: 'a', retry: { attempts: 3 } }]);
      expect((await stage.end(id)).status).toBe('failed');
      expect(stage.visits(id)).toHaveLength(1);
    },
  },
  {
    name: 'tries again only the codes that the workflow names',
    play: async (stage, expect) => {
      stage.script('a', async (_context, visit) => {
        throw new StepFailure('Again', { code: visit < 3 ? 'LOCKED' : 'FULL' });
      });
      const id = await stage.start([
        { name: 'a', retry: { attempts: 9, on: ['LOCKED'] } },
      ]);
      const view = await stage.end(id);
      expect(view.failure?.error.code).toBe('FULL');
      expect(stage.visits(id)).toHaveLength(3);
    },
  },
];
