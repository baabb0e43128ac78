import { evolve } from './evolve';
import { makeWorkflow, TestRun } from './testDriver';

const twice = {
  attempts: 2,
  backoff: { initialMs: 1_000, factor: 2, maxMs: 60_000, jitter: 0 },
};

describe('lost workers', () => {
  const lose = (run: TestRun, action: 'resume' | 'rerun' | 'hold') =>
    run.tick().apply({
      type: 'StepLost',
      at: run.now,
      step: 'a',
      attempt: run.state.steps.a.attempt,
      action,
    });

  it.each(['resume', 'rerun'] as const)(
    '%s the same attempt under the same key',
    action => {
      const run = lose(
        new TestRun(makeWorkflow([{ name: 'a' }])).start('a'),
        action,
      );
      expect(run.commands[0]).toMatchObject({
        type: 'StartStep',
        attempt: 1,
        key: 'run-1/a/1',
        resume: action,
      });
      expect(run.state.waiting?.kind).toBe('worker');
      expect(run.start('a', 1).succeed('a').state.status).toBe('succeeded');
    },
  );

  it('hold the step for a person, who lets it run again or fails it', () => {
    const held = () =>
      lose(new TestRun(makeWorkflow([{ name: 'a' }])).start('a'), 'hold');
    expect(held().state.waiting?.kind).toBe('person');
    expect(held().starts).toEqual([]);
    const again = held().signal('approve', { step: 'a' });
    expect(again.commands[0]).toMatchObject({
      type: 'StartStep',
      attempt: 1,
      resume: 'rerun',
    });
    expect(held().signal('reject').state.status).toBe('failed');
  });

  it('hold a step that takes its worker down again and again', () => {
    const run = new TestRun(makeWorkflow([{ name: 'a' }])).start('a');
    for (let i = 0; i < 4; i++) {
      lose(run, 'rerun').start('a', 1);
    }
    expect(lose(run, 'rerun').state.waiting?.kind).toBe('person');
  });

  it('run a step again however often its workers are told to stop', () => {
    const run = new TestRun(makeWorkflow([{ name: 'a' }])).start('a');
    for (let i = 0; i < 50; i++) {
      run
        .tick()
        .apply({
          type: 'StepLost',
          at: run.now,
          step: 'a',
          attempt: 1,
          action: 'rerun',
          handedOver: true,
        })
        .start('a', 1);
    }
    expect(run.status('a')).toBe('running');
  });

  it('attach again to a step that waits, however often', () => {
    const run = new TestRun(makeWorkflow([{ name: 'a' }])).start('a');
    for (let i = 0; i < 50; i++) {
      lose(run, 'resume').start('a', 1);
    }
    expect(run.status('a')).toBe('running');
    expect(run.succeed('a').state.status).toBe('succeeded');
  });

  it.each(['finally', 'always'] as const)(
    'do not take the clean-up of a %s step away from a run that is being stopped',
    kind => {
      const cleaning = (stop: (run: TestRun) => void) => {
        const run = new TestRun(
          makeWorkflow([
            { name: 'work' },
            kind === 'finally'
              ? { name: 'a', finally: true, retry: twice }
              : { name: 'a', when: 'always', retry: twice },
          ]),
        ).start('work');
        stop(run);
        return run.fail('work').start('a');
      };
      const cancel = (run: TestRun) => run.signal('cancel');
      for (const stop of [cancel, (run: TestRun) => run.fire('run')]) {
        const again = lose(cleaning(stop), 'rerun');
        expect(again.starts).toEqual(['a']);
        expect(again.start('a', 1).succeed('a').status('a')).toBe('succeeded');
        const held = lose(cleaning(stop), 'hold');
        expect(held.state.waiting?.kind).toBe('person');
        const retried = cleaning(stop).fail('a', { transient: true });
        expect(retried.status('a')).toBe('waiting');
        expect(retried.fire('retry/a/1').starts).toEqual(['a']);
      }
      const forced = cleaning(cancel).signal('cancel');
      expect(lose(forced, 'rerun').state.status).toBe('cancelled');
    },
  );

  it('do not give work that is attached to again more time', () => {
    const run = new TestRun(
      makeWorkflow([{ name: 'a', timeoutMs: 60_000 }]),
    ).start('a');
    const due = run.state.timers['timeout/a/1'];
    lose(run.tick(30_000), 'resume').start('a', 1);
    expect(run.state.timers['timeout/a/1']).toBe(due);
    lose(run.tick(10_000), 'rerun').start('a', 1);
    expect(run.state.timers['timeout/a/1']).toBe(run.now + 60_000);
  });

  it('attach again to work that goes on outside before they stop it', () => {
    const run = new TestRun(makeWorkflow([{ name: 'a' }]))
      .start('a')
      .signal('cancel');
    lose(run, 'resume');
    expect(run.starts).toEqual(['a']);
    run.start('a', 1);
    expect(run.cancels).toEqual([{ step: 'a', force: false }]);
    expect(run.fail('a').state.status).toBe('cancelled');
  });
});

describe('events that come twice or late', () => {
  it('leave the state as it is', () => {
    const run = new TestRun(
      makeWorkflow([{ name: 'a', retry: twice }, { name: 'b' }]),
    );
    run.start('a').fail('a', { transient: true }).fire('retry/a/1').start('a');
    const before = run.state;
    for (const event of run.journal) {
      expect(evolve(before, event)).toBe(before);
    }
    expect(
      evolve(before, {
        type: 'StepSucceeded',
        at: 1,
        step: 'a',
        attempt: 1,
        outputs: {},
      }),
    ).toBe(before);
    expect(
      evolve(before, {
        type: 'StepStarted',
        at: 1,
        step: 'constructor',
        attempt: 1,
      }),
    ).toBe(before);
    run.succeed('a').run('b');
    const ended = run.state;
    expect(
      evolve(ended, {
        type: 'Signal',
        at: 9,
        id: 'x',
        kind: 'cancel',
        by: 'u',
      }),
    ).toBe(ended);
  });

  it('cannot start a step before what it waits for has ended', () => {
    const run = new TestRun(makeWorkflow([{ name: 'a' }, { name: 'b' }]));
    expect(run.start('b').status('b')).toBe('pending');
  });

  it('need RunStarted first', () => {
    expect(() =>
      evolve(undefined, { type: 'TimerFired', at: 1, timer: 'run' }),
    ).toThrow('must be "RunStarted"');
  });
});
