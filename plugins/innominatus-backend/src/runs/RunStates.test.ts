import { RunEvent } from '@innominatus/backstage-plugin-innominatus-common';
import { testWorkflow } from '../__testUtils__/workflows';
import { RunStates } from './RunStates';

describe('states of runs', () => {
  const definition = testWorkflow([{ name: 'a', type: 'noop' }]);
  const events: RunEvent[] = [
    {
      type: 'RunStarted',
      at: 1,
      definition,
      input: {
        parameters: {},
        metadata: {},
        run: { id: 'r', number: 1 },
      },
    },
    { type: 'StepStarted', at: 2, step: 'a', attempt: 1 },
    { type: 'StepSucceeded', at: 3, step: 'a', attempt: 1, outputs: { n: 1 } },
  ];

  function createStates() {
    const reads: Array<[string, number | undefined]> = [];
    let written = 0;
    const states = RunStates.create({
      read: async (runId, after = 0) => {
        reads.push([runId, after]);
        return events.slice(after, written);
      },
    });
    return { reads, states, write: (count: number) => (written = count) };
  }

  it('do not exist before the first event', async () => {
    const { states, reads } = createStates();
    expect(await states.get('r', 0)).toBeUndefined();
    expect(reads).toEqual([]);
  });

  it('are carried on with the news only', async () => {
    const { states, reads, write } = createStates();
    write(2);
    expect((await states.get('r', 2))?.steps.a.status).toBe('running');
    expect((await states.get('r', 2))?.steps.a.status).toBe('running');
    write(3);
    expect((await states.get('r', 3))?.steps.a.outputs).toEqual({ n: 1 });
    expect(reads).toEqual([
      ['r', 0],
      ['r', 2],
    ]);
  });

  it('are kept for the runs that were asked for last', async () => {
    const { states, reads, write } = createStates();
    write(1);
    for (let i = 0; i <= 100; i += 1) {
      await states.get(`run-${i}`, 1);
    }
    reads.length = 0;
    await states.get('run-100', 1);
    await states.get('run-0', 1);
    expect(reads).toEqual([['run-0', 0]]);
  });

  it('are not kept when they are too large together', async () => {
    const reads: string[] = [];
    const large = 'x'.repeat(12 * 1024 * 1024);
    const states = RunStates.create({
      read: async runId => {
        reads.push(runId);
        return [
          events[0],
          { ...events[1], at: 2 },
          {
            type: 'StepSucceeded',
            at: 3,
            step: 'a',
            attempt: 1,
            outputs: { large },
          },
        ];
      },
    });
    for (const runId of ['first', 'second', 'third']) {
      await states.get(runId, 3);
    }
    reads.length = 0;
    await states.get('third', 3);
    await states.get('second', 3);
    await states.get('first', 3);
    expect(reads).toEqual(['first']);
  });
});
