import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { statuses, stepOf } from '../ContractStage';
import { inOrder } from '../contractWorkflow';
import { Scenario } from './Scenario';

export const cancelling: Scenario[] = [
  {
    name: 'ends a run that is cancelled at its start',
    play: async (stage, expect) => {
      const gate = stage.gate();
      stage.script('a', () => gate.opened);
      const id = await stage.start(inOrder([{ name: 'a' }, { name: 'b' }]));
      await stage.signal(id, 'cancel');
      await stage.eventually(
        async () => (await stage.countEvents(id, 'Signal')) === 1,
        () => 'the cancel to be recorded',
      );
      gate.open();
      const view = await stage.end(id);
      expect(view.status).toBe('cancelled');
      expect(stepOf(view, 'b').status).toBe('cancelled');
      expect(stage.visits(id, 'b')).toEqual([]);
    },
  },
  {
    name: 'asks a running step to stop, and still cleans up',
    play: async (stage, expect) => {
      stage.untilAborted('a');
      const id = await stage.start([
        ...inOrder([{ name: 'a' }, { name: 'b' }]),
        { name: 'tidy', finally: true },
      ]);
      await stage.begun(id, 'a');
      await stage.signal(id, 'cancel', { reason: 'A mistake' });
      const view = await stage.end(id);
      expect(view.status).toBe('cancelled');
      expect(statuses(view)).toEqual(['cancelled', 'cancelled', 'succeeded']);
      expect(stepOf(view, 'b').skipReason).toContain('A mistake');
    },
  },
  {
    name: 'keeps the result of a step that ends well although it was asked to stop',
    play: async (stage, expect) => {
      const gate = stage.gate();
      stage.script('a', async () => {
        await gate.opened;
        return { outputs: { done: true } };
      });
      const id = await stage.start(inOrder([{ name: 'a' }, { name: 'b' }]));
      await stage.begun(id, 'a');
      await stage.signal(id, 'cancel');
      await stage.eventually(
        async () => (await stage.countEvents(id, 'Signal')) === 1,
        () => 'the cancel to be recorded',
      );
      gate.open();
      const view = await stage.end(id);
      expect(view.status).toBe('cancelled');
      expect(stepOf(view, 'a')).toMatchObject({
        status: 'succeeded',
        outputs: { done: true },
      });
    },
  },
  {
    name: 'cancels a run that waits for an approval',
    play: async (stage, expect) => {
      const id = await stage.start([{ name: 'a', when: 'manual' }]);
      await stage.until(id, ({ status }) => status === 'waiting');
      await stage.signal(id, 'cancel');
      const view = await stage.end(id);
      expect(view.status).toBe('cancelled');
      expect(stage.visits(id)).toEqual([]);
    },
  },
  {
    name: 'cancels a run that waits for its next attempt',
    play: async (stage, expect) => {
      stage.script('a', async () => {
        throw new StepFailure('Busy', { code: 'BUSY', transient: true });
      });
      const backoff = {
        initialMs: 60_000,
        factor: 1,
        maxMs: 60_000,
        jitter: 0,
      };
      const id = await stage.start([
        { name: 'a', retry: { attempts: 2, backoff } },
      ]);
      await stage.untilStep(id, 'a', step => step.status === 'waiting');
      await stage.signal(id, 'cancel');
      expect((await stage.end(id)).status).toBe('cancelled');
      expect(stage.visits(id)).toHaveLength(1);
    },
  },
  {
    name: 'does not wait for a step that ignores a second cancel',
    play: async (stage, expect) => {
      const gate = stage.gate();
      stage.script('a', () => gate.opened);
      const id = await stage.start([
        { name: 'a' },
        { name: 'tidy', finally: true },
      ]);
      await stage.begun(id, 'a');
      await stage.signal(id, 'cancel', { id: `${id}/first` });
      await stage.signal(id, 'cancel', { id: `${id}/first` });
      await stage.quiet(600);
      expect((await stage.harness.view(id)).status).toBe('running');
      await stage.signal(id, 'cancel');
      const view = await stage.end(id);
      expect(view.status).toBe('cancelled');
      expect(stepOf(view, 'a').error?.code).toBe('CANCEL_FORCED');
      expect(stage.visits(id, 'tidy')).toEqual([]);
    },
  },
];
