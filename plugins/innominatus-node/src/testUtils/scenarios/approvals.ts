import { statuses, stepOf } from '../ContractStage';
import { inOrder } from '../contractWorkflow';
import { Scenario } from './Scenario';

export const approvals: Scenario[] = [
  {
    name: 'waits for an approval and says so',
    play: async (stage, expect) => {
      const id = await stage.start(
        inOrder([{ name: 'a' }, { name: 'b', when: 'manual' }]),
      );
      const view = await stage.until(id, ({ status }) => status === 'waiting');
      expect(view.waiting?.kind).toBe('approval');
      expect(stepOf(view, 'b').waiting?.message).toEqual(expect.any(String));
      await stage.quiet();
      expect(stage.visits(id, 'b')).toEqual([]);
      await stage.signal(id, 'approve');
      expect((await stage.end(id)).status).toBe('succeeded');
    },
  },
  {
    name: 'fails a step that is rejected, and skips what follows',
    play: async (stage, expect) => {
      const id = await stage.start(
        inOrder([{ name: 'a', when: 'manual' }, { name: 'b' }]),
      );
      await stage.until(id, ({ status }) => status === 'waiting');
      await stage.signal(id, 'reject', { reason: 'Not today' });
      const view = await stage.end(id);
      expect(view.status).toBe('failed');
      expect(statuses(view)).toEqual(['failed', 'skipped']);
      expect(view.failure?.error).toMatchObject({
        code: 'APPROVAL_REJECTED',
        message: expect.stringContaining('Not today'),
      });
      expect(stage.visits(id)).toEqual([]);
    },
  },
  {
    name: 'goes on beside a step that waits for an approval',
    play: async (stage, expect) => {
      const id = await stage.start([
        { name: 'asked', when: 'manual' },
        ...inOrder([{ name: 'a' }, { name: 'b' }]),
      ]);
      await stage.untilStep(id, 'b', step => step.status === 'succeeded');
      await stage.untilStep(id, 'asked', step => step.status === 'waiting');
      await stage.signal(id, 'approve', { step: 'asked' });
      expect((await stage.end(id)).status).toBe('succeeded');
    },
  },
  {
    name: 'takes an approval for the step that it names, and no other',
    play: async (stage, expect) => {
      const id = await stage.start([
        { name: 'a', when: 'manual' },
        { name: 'b', when: 'manual' },
      ]);
      await stage.until(id, view =>
        view.steps.every(step => step.status === 'waiting'),
      );
      await stage.signal(id, 'approve', { step: 'nowhere' });
      // Without a name it could mean either.
      await stage.signal(id, 'approve');
      await stage.signal(id, 'approve', { step: 'b' });
      await stage.untilStep(id, 'b', step => step.status === 'succeeded');
      await stage.quiet();
      expect(stage.visits(id, 'a')).toEqual([]);
      await stage.signal(id, 'reject', { step: 'a' });
      expect(statuses(await stage.end(id))).toEqual(['failed', 'succeeded']);
    },
  },
  {
    name: 'counts a signal once, however often it is sent',
    play: async (stage, expect) => {
      const steps = inOrder([
        { name: 'a', when: 'manual' },
        { name: 'b', when: 'manual' },
      ]);
      const id = await stage.start(steps);
      await stage.until(id, ({ status }) => status === 'waiting');
      for (let i = 0; i < 3; i++) {
        await stage.signal(id, 'approve', { id: `${id}/once` });
      }
      await stage.untilStep(id, 'b', step => step.status === 'waiting');
      await stage.signal(id, 'approve', { id: `${id}/once` });
      await stage.quiet();
      expect(stage.visits(id, 'b')).toEqual([]);
      expect(await stage.countEvents(id, 'Signal')).toBe(1);
      await stage.signal(id, 'approve');
      expect((await stage.end(id)).status).toBe('succeeded');
    },
  },
  {
    name: 'ignores what is asked of a run that has ended',
    play: async (stage, expect) => {
      const id = await stage.start([{ name: 'a' }]);
      await stage.end(id);
      const before = await stage.harness.events(id);
      await stage.signal(id, 'cancel');
      await stage.quiet();
      expect(await stage.harness.events(id)).toEqual(before);
    },
  },
];
