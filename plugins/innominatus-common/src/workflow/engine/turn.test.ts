import { RunEvent, RunState } from '../types';
import { makeStep, makeWorkflow } from './testDriver';
import { takeTurn } from './turn';

const started = (steps: ReturnType<typeof makeStep>[]): RunEvent => ({
  type: 'RunStarted',
  at: 10,
  definition: makeWorkflow(steps),
  input: { parameters: {}, metadata: {}, run: { id: 'r', number: 1 } },
});

const replay = (state: RunState | undefined, events: RunEvent[]) =>
  events.reduce<RunState | undefined>(
    (current, event) =>
      takeTurn({ state: current, inbox: [event], now: 10, holdStarts: true })
        .state,
    state,
  );

describe('a turn', () => {
  it('begins a run and starts what can start', () => {
    const turn = takeTurn({
      state: undefined,
      inbox: [started([makeStep({ name: 'a' }), makeStep({ name: 'b' })])],
      now: 10,
    });
    expect(turn.events.map(event => event.type)).toEqual([
      'RunStarted',
      'StepStarted',
      'StepStarted',
    ]);
    expect(turn.starts.map(start => start.key)).toEqual(['r/a/1', 'r/b/1']);
    expect(replay(undefined, turn.events)).toEqual(turn.state);
  });

  it('takes the end of a step and the start of the next into one batch, up to the end', () => {
    const first = takeTurn({
      state: undefined,
      inbox: [
        started([
          makeStep({ name: 'a' }),
          makeStep({ name: 'b', dependsOn: ['a'] }),
        ]),
      ],
      now: 10,
    });
    const end = (step: string): RunEvent => ({
      type: 'StepSucceeded',
      at: 11,
      step,
      attempt: 1,
      outputs: {},
    });
    const second = takeTurn({ state: first.state, inbox: [end('a')], now: 11 });
    expect(second.events.map(event => event.type)).toEqual([
      'StepSucceeded',
      'StepStarted',
    ]);
    const last = takeTurn({ state: second.state, inbox: [end('b')], now: 12 });
    expect(last.events.map(event => event.type)).toEqual([
      'StepSucceeded',
      'RunFinished',
    ]);
    expect(last.state.status).toBe('succeeded');
  });

  it('writes nothing for what comes twice', () => {
    const first = takeTurn({
      state: undefined,
      inbox: [started([makeStep({ name: 'a' })])],
      now: 10,
    });
    const again = takeTurn({
      state: first.state,
      inbox: [
        {
          type: 'StepFailed',
          at: 11,
          step: 'a',
          attempt: 7,
          error: { code: 'E', message: 'm', transient: false },
        },
      ],
      now: 11,
    });
    expect(again.events).toEqual([]);
    expect(again.state).toBe(first.state);
  });

  it('fires the timers that are due, and starts nothing when it must not', () => {
    const { state } = takeTurn({
      state: undefined,
      inbox: [started([makeStep({ name: 'a', timeoutMs: 5 })])],
      now: 10,
    });
    const turn = takeTurn({ state, inbox: [], now: 15 });
    expect(turn.events).toEqual([
      { type: 'TimerFired', at: 15, timer: 'timeout/a/1' },
    ]);
    expect(turn.commands[0]).toMatchObject({ type: 'CancelStep', step: 'a' });
    const held = takeTurn({
      state: undefined,
      inbox: [started([makeStep({ name: 'a' })])],
      now: 10,
      holdStarts: true,
    });
    expect(held.starts).toEqual([]);
  });

  it('needs the beginning of the run', () => {
    expect(() => takeTurn({ state: undefined, inbox: [], now: 1 })).toThrow(
      'The first turn of a run needs its "RunStarted" event',
    );
  });
});
