import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { ContractStage, statuses, stepOf } from '../ContractStage';
import { ContractStep, inOrder } from '../contractWorkflow';
import { Scenario } from './Scenario';

/** The step hangs the first times, as one whose worker is going to die. */
function hangFirst(stage: ContractStage, step: string, times = 1): void {
  stage.script(step, async (_context, visit) => {
    if (visit <= times) {
      await stage.gate().opened;
    }
    return { outputs: { visit } };
  });
}

function around(step: ContractStep): ContractStep[] {
  return inOrder([{ name: 'before' }, step, { name: 'after' }]);
}

async function interrupt(
  stage: ContractStage,
  type: 'rerun' | 'resume' | 'hold',
): Promise<string> {
  hangFirst(stage, 'b');
  const id = await stage.start(around({ name: 'b', type }));
  await stage.begun(id, 'b');
  await stage.harness.killWorkers?.();
  return id;
}

export const interruptions: Scenario[] = [
  {
    name: 'runs an interrupted step again under the same key',
    needs: ['crash'],
    play: async (stage, expect) => {
      const id = await interrupt(stage, 'rerun');
      const view = await stage.end(id);
      expect(view.status).toBe('succeeded');
      const [first, second] = stage.visits(id, 'b');
      expect(second).toMatchObject({
        key: first.key,
        attempt: 1,
        resumed: false,
      });
      expect(first.key).toBe(`${id}/b/1`);
      expect(second.fencingToken).toBeGreaterThan(first.fencingToken);
      expect(stepOf(view, 'b').outputs).toEqual({ visit: 2 });
      expect(stage.visits(id, 'before')).toHaveLength(1);
      expect(stage.visits(id, 'after')).toHaveLength(1);
    },
  },
  {
    name: 'carries an interrupted step on when it can be attached to',
    needs: ['crash'],
    play: async (stage, expect) => {
      const id = await interrupt(stage, 'resume');
      expect((await stage.end(id)).status).toBe('succeeded');
      const [first, second] = stage.visits(id, 'b');
      expect(first.resumed).toBe(false);
      expect(second).toMatchObject({ key: first.key, resumed: true });
      expect(stage.visits(id, 'before')).toHaveLength(1);
    },
  },
  {
    name: 'holds an interrupted step for a person, who lets it run again',
    needs: ['crash'],
    play: async (stage, expect) => {
      const id = await interrupt(stage, 'hold');
      const view = await stage.until(id, ({ status }) => status === 'waiting');
      expect(view.waiting?.kind).toBe('person');
      await stage.quiet();
      expect(stage.visits(id, 'b')).toHaveLength(1);
      await stage.signal(id, 'approve', { step: 'b' });
      expect((await stage.end(id)).status).toBe('succeeded');
      const [first, second] = stage.visits(id, 'b');
      expect(second.key).toBe(first.key);
    },
  },
  {
    name: 'holds an interrupted step for a person, who gives it up',
    needs: ['crash'],
    play: async (stage, expect) => {
      const id = await interrupt(stage, 'hold');
      await stage.until(id, ({ status }) => status === 'waiting');
      await stage.signal(id, 'reject', { step: 'b' });
      const view = await stage.end(id);
      expect(statuses(view)).toEqual(['succeeded', 'failed', 'skipped']);
      expect(stage.visits(id, 'b')).toHaveLength(1);
    },
  },
  {
    name: 'treats each of several interrupted steps as its type says',
    needs: ['crash'],
    play: async (stage, expect) => {
      const types = ['rerun', 'resume', 'hold'] as const;
      types.forEach(type => hangFirst(stage, type));
      const id = await stage.start([
        { name: 'done' },
        ...types.map(type => ({ name: type, type })),
      ]);
      await stage.untilStep(id, 'done', step => step.status === 'succeeded');
      for (const type of types) {
        await stage.begun(id, type);
      }
      await stage.harness.killWorkers?.();
      await stage.untilStep(id, 'rerun', step => step.status === 'succeeded');
      await stage.untilStep(id, 'resume', step => step.status === 'succeeded');
      await stage.untilStep(id, 'hold', step => step.status === 'waiting');
      await stage.signal(id, 'approve', { step: 'hold' });
      expect((await stage.end(id)).status).toBe('succeeded');
      expect(stage.visits(id, 'done')).toHaveLength(1);
    },
  },
  {
    name: 'begins no finished step again in any number of interruptions',
    needs: ['crash'],
    play: async (stage, expect) => {
      const names = ['a', 'b', 'c'];
      names.forEach(name => hangFirst(stage, name));
      const id = await stage.start(inOrder(names.map(name => ({ name }))));
      for (const name of names) {
        await stage.begun(id, name);
        await stage.harness.killWorkers?.();
      }
      expect((await stage.end(id)).status).toBe('succeeded');
      expect(stage.visits(id).map(visit => visit.key)).toEqual(
        names.flatMap(name => [`${id}/${name}/1`, `${id}/${name}/1`]),
      );
    },
  },
  {
    name: 'remembers an approval that came before the worker died',
    needs: ['crash'],
    play: async (stage, expect) => {
      hangFirst(stage, 'b');
      const id = await stage.start(around({ name: 'b', when: 'manual' }));
      await stage.until(id, ({ status }) => status === 'waiting');
      await stage.signal(id, 'approve');
      await stage.begun(id, 'b');
      await stage.harness.killWorkers?.();
      expect((await stage.end(id)).status).toBe('succeeded');
    },
  },
  {
    name: 'goes on waiting for an approval when no worker lives',
    needs: ['crash'],
    play: async (stage, expect) => {
      const id = await stage.start(around({ name: 'b', when: 'manual' }));
      await stage.until(id, ({ status }) => status === 'waiting');
      await stage.harness.killWorkers?.();
      await stage.quiet();
      expect((await stage.harness.view(id)).waiting?.kind).toBe('approval');
      await stage.signal(id, 'approve');
      expect((await stage.end(id)).status).toBe('succeeded');
      expect(stage.visits(id, 'before')).toHaveLength(1);
      expect(stage.visits(id, 'b')).toHaveLength(1);
    },
  },
  {
    name: 'tries again after the pause although the worker died in it',
    needs: ['crash'],
    play: async (stage, expect) => {
      stage.script('a', async (_context, visit) => {
        if (visit === 1) {
          throw new StepFailure('Busy', { code: 'BUSY', transient: true });
        }
      });
      const backoff = { initialMs: 1500, factor: 1, maxMs: 1500, jitter: 0 };
      const id = await stage.start([
        { name: 'a', retry: { attempts: 2, backoff } },
      ]);
      await stage.untilStep(id, 'a', step => step.status === 'waiting');
      await stage.harness.killWorkers?.();
      const step = stepOf(await stage.end(id), 'a');
      expect(step).toMatchObject({ status: 'succeeded', attempt: 2 });
      // On a busy machine the pause may be over before the workers are dead;
      // then they die in the second attempt, and it is begun again.
      const [first, ...others] = stage.visits(id).map(visit => visit.key);
      expect(first).toBe(`${id}/a/1`);
      expect(new Set(others)).toEqual(new Set([`${id}/a/2`]));
    },
  },
  {
    name: 'does not begin an interrupted step again when the run is cancelled',
    needs: ['crash'],
    play: async (stage, expect) => {
      const id = await interrupt(stage, 'rerun');
      await stage.signal(id, 'cancel');
      const view = await stage.end(id);
      // The cancel may come before the next worker does, or after it.
      expect(['cancelled', 'succeeded']).toContain(view.status);
      expect(stage.visits(id, 'b').length).toBeLessThanOrEqual(2);
    },
  },
];
