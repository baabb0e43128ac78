import { ContractStage, statuses, stepOf } from '../ContractStage';
import { inOrder } from '../contractWorkflow';
import { Scenario } from './Scenario';

function namesOf(stage: ContractStage, runId: string): string[] {
  return stage.visits(runId).map(visit => visit.step);
}

export const order: Scenario[] = [
  {
    name: 'runs steps one after the other',
    play: async (stage, expect) => {
      const id = await stage.start(
        inOrder([{ name: 'a' }, { name: 'b' }, { name: 'c' }]),
      );
      const view = await stage.end(id);
      expect(view.status).toBe('succeeded');
      const visits = stage.visits(id);
      expect(visits.map(visit => visit.step)).toEqual(['a', 'b', 'c']);
      expect(visits[1].begin).toBeGreaterThan(visits[0].end!);
      expect(visits[2].begin).toBeGreaterThan(visits[1].end!);
    },
  },
  {
    name: 'runs what is independent at the same time, and joins it',
    play: async (stage, expect) => {
      const both = stage.gate();
      let arrived = 0;
      const meet = async () => {
        arrived += 1;
        if (arrived === 2) {
          both.open();
        }
        await both.opened;
      };
      stage.script('left', meet);
      stage.script('right', meet);
      const id = await stage.start([
        { name: 'top' },
        { name: 'left', dependsOn: ['top'] },
        { name: 'right', dependsOn: ['top'] },
        { name: 'bottom', dependsOn: ['left', 'right'] },
      ]);
      expect((await stage.end(id)).status).toBe('succeeded');
      const names = namesOf(stage, id);
      expect(names[0]).toBe('top');
      expect(names[3]).toBe('bottom');
      const [bottom] = stage.visits(id, 'bottom');
      for (const side of ['left', 'right']) {
        expect(stage.visits(id, side)[0].end).toBeLessThan(bottom.begin);
      }
    },
  },
  {
    name: 'fans out to fifty steps and joins them',
    play: async (stage, expect) => {
      const middle = Array.from({ length: 50 }, (_, i) => `m${i}`);
      const id = await stage.start([
        { name: 'first' },
        ...middle.map(name => ({ name, dependsOn: ['first'] })),
        { name: 'last', dependsOn: middle },
      ]);
      const view = await stage.end(id);
      expect(new Set(statuses(view))).toEqual(new Set(['succeeded']));
      const names = namesOf(stage, id);
      expect(names).toHaveLength(52);
      expect(new Set(names).size).toBe(52);
      expect(names.at(-1)).toBe('last');
    },
  },
  {
    name: 'runs no more steps at a time than the workflow allows',
    play: async (stage, expect) => {
      let active = 0;
      let most = 0;
      const names = ['a', 'b', 'c', 'd', 'e'];
      const work = async () => {
        active += 1;
        most = Math.max(most, active);
        await stage.quiet(30);
        active -= 1;
      };
      names.forEach(name => stage.script(name, work));
      const id = await stage.start(
        names.map(name => ({ name })),
        { maxParallel: 2 },
      );
      expect((await stage.end(id)).status).toBe('succeeded');
      expect(most).toBe(2);
    },
  },
  {
    name: 'skips a step whose "if" does not hold, and goes on after it',
    play: async (stage, expect) => {
      const id = await stage.start(
        inOrder([
          { name: 'a', if: '${params.size} == large' },
          { name: 'b', if: '${params.size} == small' },
        ]),
        { parameters: { size: 'small' } },
      );
      const view = await stage.end(id);
      expect(view.status).toBe('succeeded');
      expect(statuses(view)).toEqual(['skipped', 'succeeded']);
      expect(stepOf(view, 'a').skipReason).toEqual(
        expect.stringContaining('== large'),
      );
      expect(namesOf(stage, id)).toEqual(['b']);
    },
  },
  {
    name: 'skips a step whose "unless" holds',
    play: async (stage, expect) => {
      const id = await stage.start(
        inOrder([
          { name: 'a', unless: '${params.dry}' },
          { name: 'b', unless: 'not ${params.dry}' },
        ]),
        { parameters: { dry: true } },
      );
      expect(statuses(await stage.end(id))).toEqual(['skipped', 'succeeded']);
    },
  },
  {
    name: 'decides on what earlier steps answered',
    play: async (stage, expect) => {
      stage.script('look', async () => ({ outputs: { found: 3 } }));
      const id = await stage.start([
        { name: 'look' },
        { name: 'many', dependsOn: ['look'], if: '${look.found} > 2' },
        { name: 'few', dependsOn: ['look'], if: '${look.found} <= 2' },
        { name: 'well', dependsOn: ['look'], if: 'look.succeeded' },
      ]);
      expect(statuses(await stage.end(id))).toEqual([
        'succeeded',
        'succeeded',
        'skipped',
        'succeeded',
      ]);
    },
  },
];
