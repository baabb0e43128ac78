import { statuses } from '../ContractStage';
import { inOrder } from '../contractWorkflow';
import { Scenario } from './Scenario';

export const pausing: Scenario[] = [
  {
    name: 'lets running steps end while paused, and begins no other',
    play: async (stage, expect) => {
      const gate = stage.gate();
      stage.script('a', () => gate.opened);
      const id = await stage.start(inOrder([{ name: 'a' }, { name: 'b' }]));
      await stage.begun(id, 'a');
      await stage.signal(id, 'pause');
      await stage.eventually(
        async () => (await stage.countEvents(id, 'Signal')) === 1,
        () => 'the pause to be recorded',
      );
      gate.open();
      const view = await stage.until(
        id,
        ({ waiting }) => waiting?.kind === 'paused',
      );
      expect(statuses(view)).toEqual(['succeeded', 'pending']);
      await stage.quiet();
      expect(stage.visits(id, 'b')).toEqual([]);
      await stage.signal(id, 'resume');
      expect((await stage.end(id)).status).toBe('succeeded');
    },
  },
  {
    name: 'cancels a paused run',
    play: async (stage, expect) => {
      const id = await stage.start([{ name: 'a', when: 'manual' }]);
      await stage.untilStep(id, 'a', step => step.status === 'waiting');
      await stage.signal(id, 'pause');
      await stage.until(id, ({ waiting }) => waiting?.kind === 'paused');
      await stage.signal(id, 'cancel');
      expect((await stage.end(id)).status).toBe('cancelled');
    },
  },
];
