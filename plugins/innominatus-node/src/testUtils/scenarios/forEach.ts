import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { statuses, stepOf } from '../ContractStage';
import { ContractStep, inOrder } from '../contractWorkflow';
import { Scenario } from './Scenario';

function around(step: ContractStep): ContractStep[] {
  return inOrder([{ name: 'list' }, step, { name: 'after' }]);
}

const each: ContractStep = {
  name: 'each',
  forEach: { items: '${list.found}', maxItems: 10 },
  config: { to: '${item}', at: '${index}' },
};

const LIST = async () => ({ outputs: { found: ['x', 'y', 'z'] } });

export const forEach: Scenario[] = [
  {
    name: 'runs a step once for each item that a step found',
    play: async (stage, expect) => {
      stage.script('list', LIST);
      const id = await stage.start(around(each), {
        outputs: { second: '${each.items.1.config.to}' },
      });
      const view = await stage.end(id);
      expect(view.outputs).toEqual({ second: 'y' });
      expect(view.steps.map(step => step.name)).toEqual([
        'list',
        'each',
        'each-0',
        'each-1',
        'each-2',
        'after',
      ]);
      expect(stage.visits(id, 'each')).toEqual([]);
      expect(stage.visits(id, 'each-2')).toMatchObject([
        { config: { to: 'z', at: 2 }, key: `${id}/each-2/1` },
      ]);
      expect(stepOf(view, 'each').outputs.items).toHaveLength(3);
      const [after] = stage.visits(id, 'after');
      for (const i of [0, 1, 2]) {
        expect(stage.visits(id, `each-${i}`)[0].end).toBeLessThan(after.begin);
      }
    },
  },
  {
    name: 'runs no more items at a time than the step allows',
    play: async (stage, expect) => {
      let active = 0;
      let most = 0;
      const work = async () => {
        active += 1;
        most = Math.max(most, active);
        await stage.quiet(30);
        active -= 1;
      };
      const items = [0, 1, 2, 3, 4];
      items.forEach(i => stage.script(`each-${i}`, work));
      const id = await stage.start([
        { name: 'each', forEach: { items, maxItems: 5, maxParallel: 2 } },
      ]);
      expect((await stage.end(id)).status).toBe('succeeded');
      expect(most).toBe(2);
    },
  },
  {
    name: 'fails a step when one of its items fails, after the others',
    play: async (stage, expect) => {
      stage.script('list', LIST);
      stage.script('each-1', async () => {
        throw new StepFailure('No', { code: 'NO' });
      });
      const id = await stage.start(around(each));
      const view = await stage.end(id);
      expect(view.failure?.step).toBe('each-1');
      expect(statuses(view)).toEqual([
        'succeeded',
        'failed',
        'succeeded',
        'failed',
        'succeeded',
        'skipped',
      ]);
    },
  },
  {
    name: 'goes on with the items that were not finished when workers died',
    needs: ['crash'],
    play: async (stage, expect) => {
      stage.script('list', LIST);
      stage.script('each-1', async (_context, visit) => {
        if (visit === 1) {
          await stage.gate().opened;
        }
      });
      const id = await stage.start(around(each));
      await stage.begun(id, 'each-1');
      await stage.untilStep(id, 'each-0', step => step.status === 'succeeded');
      await stage.untilStep(id, 'each-2', step => step.status === 'succeeded');
      await stage.harness.killWorkers?.();
      expect((await stage.end(id)).status).toBe('succeeded');
      for (const [step, times] of [
        ['list', 1],
        ['each-0', 1],
        ['each-1', 2],
        ['each-2', 1],
        ['after', 1],
      ] as const) {
        expect([step, stage.visits(id, step).length]).toEqual([step, times]);
      }
      expect(await stage.countEvents(id, 'StepExpanded')).toBe(1);
    },
  },
];
