import {
  RunProgress,
  StepAssignment,
  WorkflowRuntimeHost,
} from '@innominatus/backstage-plugin-innominatus-node';
import { WorkflowContext } from '@restatedev/restate-sdk';
import { moveRun } from './moveRun';

const assignment = (step: string, fencingToken = 1): StepAssignment => ({
  runId: 'r',
  step,
  attempt: 1,
  fencingToken,
});

/** Plays answers of the host, and remembers what was asked of Restate. */
async function play(
  answers: Array<Partial<RunProgress>>,
  options: { failFirst?: string } = {},
) {
  const asked: string[] = [];
  const calls: object[] = [];
  const waiting: Array<() => void> = [];
  let toFail = options.failFirst;
  const settled = (value: unknown, failure?: Error) => ({
    map: (mapper: (v: unknown, f?: Error) => unknown) =>
      Promise.resolve(mapper(value, failure)),
  });
  const never = () => ({
    map: () =>
      new Promise<void>(resolve => {
        waiting.push(resolve);
      }),
  });
  const host = {
    advance: async (call: object) => {
      calls.push(call);
      return {
        seq: calls.length,
        started: [],
        over: [],
        ended: calls.length > answers.length,
        ...answers[calls.length - 1],
      };
    },
  } as unknown as WorkflowRuntimeHost;
  const ctx = {
    key: 'r',
    run: (_name: string, action: () => Promise<unknown>) => action(),
    promise: (name: string) => {
      asked.push(name);
      return { get: never };
    },
    sleep: (ms: number) => {
      asked.push(`sleep ${ms}`);
      return settled(undefined);
    },
  } as unknown as WorkflowContext;
  await moveRun(ctx, host, given => {
    asked.push(`execute ${given.step}`);
    const fails = toFail === given.step;
    toFail = fails ? undefined : toFail;
    // A promise of Restate has a brand that nothing outside of its SDK can make.
    return settled(
      undefined,
      fails ? new Error('stopped') : undefined,
    ) as never;
  });
  return { asked, calls };
}

// The race of Restate takes its own promises only.
jest.mock('@restatedev/restate-sdk', () => ({
  RestatePromise: { race: (promises: unknown[]) => Promise.race(promises) },
}));

describe('moving a run', () => {
  it('has started steps carried out, and names the last event each time', async () => {
    const { asked, calls } = await play([
      { seq: 4, started: [assignment('a')] },
      { seq: 7, over: [assignment('a')], started: [assignment('b')] },
    ]);
    expect(asked).toEqual(['wake/0', 'execute a', 'execute b']);
    expect(calls).toEqual([
      { runId: 'r', after: 0, waitsAt: 'wake/0' },
      { runId: 'r', after: 4, waitsAt: undefined },
      { runId: 'r', after: 7, waitsAt: undefined },
    ]);
  });

  it('sleeps until the next timer', async () => {
    const { asked } = await play([{ wake: { at: 1000, inMs: 40 } }]);
    expect(asked).toEqual(['wake/0', 'sleep 40']);
  });

  it('asks again for a step whose call somebody stopped in Restate', async () => {
    const { asked } = await play([{ started: [assignment('a')] }, {}], {
      failFirst: 'a',
    });
    expect(asked).toEqual(['wake/0', 'execute a', 'execute a']);
  });
});
