import { evolve } from './evolve';

import { makeWorkflow, TestRun } from './testDriver';
import { retryDelayMs } from './retry';

const twice = {
  attempts: 2,
  backoff: { initialMs: 1_000, factor: 2, maxMs: 60_000, jitter: 0 },
};

describe('retry', () => {
  it('tries a transient error again after the delay', () => {
    const run = new TestRun(makeWorkflow([{ name: 'a', retry: twice }]));
    run.start('a').fail('a', { transient: true });
    expect(run.state).toMatchObject({
      status: 'waiting',
      waiting: { kind: 'retry', until: run.now + 1_000 },
      steps: { a: { status: 'waiting', attempt: 1 } },
    });
    expect(run.commands).toContainEqual({
      type: 'SetTimer',
      timer: 'retry/a/1',
      at: run.now + 1_000,
    });
    run.fire('retry/a/1');
    expect(run.starts).toEqual(['a']);
    run.run('a');
    expect(run.state).toMatchObject({
      status: 'succeeded',
      steps: { a: { attempt: 2 } },
    });
  });

  it('does not try other errors again, nor after the last attempt', () => {
    expect(
      new TestRun(makeWorkflow([{ name: 'a', retry: twice }]))
        .start('a')
        .fail('a').state.status,
    ).toBe('failed');
    const run = new TestRun(makeWorkflow([{ name: 'a', retry: twice }]));
    run.start('a').fail('a', { transient: true }).fire('retry/a/1');
    expect(run.start('a').fail('a', { transient: true }).state.status).toBe(
      'failed',
    );
  });

  it('tries the codes of "on" again and only those', () => {
    const retry = { ...twice, on: ['BUSY'] };
    const busy = new TestRun(makeWorkflow([{ name: 'a', retry }]));
    expect(busy.start('a').fail('a', { code: 'BUSY' }).status('a')).toBe(
      'waiting',
    );
    const other = new TestRun(makeWorkflow([{ name: 'a', retry }]));
    expect(other.start('a').fail('a', { transient: true }).status('a')).toBe(
      'failed',
    );
  });

  it('grows the delay up to its maximum and spreads it by the key alone', () => {
    const policy = {
      attempts: 9,
      backoff: { initialMs: 100, factor: 2, maxMs: 500, jitter: 0.5 },
    };
    const delays = [1, 2, 3, 9].map(attempt =>
      retryDelayMs(policy, attempt, 'run/a/1'),
    );
    expect(delays).toEqual(
      [1, 2, 3, 9].map(attempt => retryDelayMs(policy, attempt, 'run/a/1')),
    );
    delays.forEach((delay, i) => {
      const base = [100, 200, 400, 500][i];
      expect(delay).toBeGreaterThanOrEqual(base * 0.5);
      expect(delay).toBeLessThanOrEqual(Math.min(500, base * 1.5));
    });
    expect(retryDelayMs(policy, 1, 'run/a/1')).not.toBe(
      retryDelayMs(policy, 1, 'run/b/1'),
    );
  });
});

describe('time', () => {
  it('asks a step to stop when its time is over, then insists', () => {
    const run = new TestRun(makeWorkflow([{ name: 'a', timeoutMs: 5_000 }]));
    run.start('a').fire('timeout/a/1');
    expect(run.cancels).toEqual([{ step: 'a', force: false }]);
    run.fire('grace/a/1');
    expect(run.cancels).toEqual([{ step: 'a', force: true }]);
    run.fail('a');
    expect(run.state.failure?.error).toMatchObject({
      code: 'STEP_TIMEOUT',
      message:
        'Step "a" ran longer than 5s and was stopped. Raise its "timeout" if it needs more.',
    });
  });

  it('believes a step that succeeds just after its time', () => {
    const run = new TestRun(makeWorkflow([{ name: 'a' }]));
    expect(run.start('a').fire('timeout/a/1').succeed('a').state.status).toBe(
      'succeeded',
    );
  });

  it('ignores the timer of an attempt that has ended', () => {
    const run = new TestRun(makeWorkflow([{ name: 'a' }, { name: 'b' }])).run(
      'a',
    );
    const before = run.state;
    expect(
      evolve(before, { type: 'TimerFired', at: run.now, timer: 'timeout/a/1' }),
    ).toBe(before);
  });

  it('stops the run when the time of the workflow is over, but runs finally', () => {
    const run = new TestRun(
      makeWorkflow([
        { name: 'a' },
        { name: 'b' },
        { name: 'f', finally: true },
      ]),
    );
    run.start('a').fire('run');
    expect(run.cancels).toEqual([{ step: 'a', force: false }]);
    run.fail('a');
    expect([run.status('a'), run.status('b')]).toEqual([
      'cancelled',
      'cancelled',
    ]);
    expect(run.starts).toEqual(['f']);
    run.run('f');
    expect(run.state).toMatchObject({
      status: 'failed',
      failure: { error: { code: 'RUN_TIMEOUT' } },
    });
  });

  it('runs what is there for a failure when the time of the workflow is over, but not after a cancel', () => {
    const started = () =>
      new TestRun(
        makeWorkflow([
          { name: 'a' },
          { name: 'b' },
          { name: 'back', when: 'on_failure' },
        ]),
      ).start('a');
    const run = started().fire('run').fail('a');
    expect([run.status('a'), run.status('b')]).toEqual([
      'cancelled',
      'cancelled',
    ]);
    expect(run.starts).toEqual(['back']);
    run.run('back');
    expect(run.state).toMatchObject({
      status: 'failed',
      failure: { error: { code: 'RUN_TIMEOUT' } },
    });
    const cancelled = started().signal('cancel').fail('a');
    expect(cancelled.status('back')).toBe('cancelled');
    expect(cancelled.state.status).toBe('cancelled');
  });

  it('stands still while a person is waited for', () => {
    const run = new TestRun(
      makeWorkflow([{ name: 'a', when: 'manual' }], { timeoutMs: 60_000 }),
    );
    expect(run.state.timers).toEqual({});
    run.tick(3_600_000).signal('approve');
    expect(run.state.timers).toEqual({ run: run.now + 60_000 });
  });
});

describe('manual steps', () => {
  const definition = makeWorkflow([
    { name: 'a' },
    { name: 'go', when: 'manual' },
    { name: 'z' },
  ]);

  it('wait for an approval and then run', () => {
    const run = new TestRun(definition).run('a');
    expect(run.state).toMatchObject({
      status: 'waiting',
      waiting: {
        kind: 'approval',
        message: 'Step "go" waits for an approval.',
      },
    });
    expect(run.starts).toEqual([]);
    run.signal('approve', { step: 'go' });
    expect(run.starts).toEqual(['go']);
    run.run('go').run('z');
    expect(run.state).toMatchObject({
      status: 'succeeded',
      steps: { go: { approved: { by: ['user:default/ada'] } } },
    });
  });

  it('fail when they are rejected', () => {
    const run = new TestRun(definition)
      .run('a')
      .signal('reject', { reason: 'too late' });
    expect(run.state).toMatchObject({
      status: 'failed',
      failure: {
        step: 'go',
        error: {
          code: 'APPROVAL_REJECTED',
          message: 'user:default/ada rejected step "go": too late.',
        },
      },
    });
  });

  it('cannot be approved before they wait, nor started without approval', () => {
    const run = new TestRun(definition)
      .signal('approve', { step: 'go' })
      .run('a');
    expect(run.status('go')).toBe('waiting');
    run.start('go');
    expect(run.status('go')).toBe('waiting');
  });

  it('ask nobody when a condition skips them or something before them failed', () => {
    const run = new TestRun(
      makeWorkflow([{ name: 'a', when: 'manual', if: 'false' }, { name: 'z' }]),
    );
    expect(run.status('a')).toBe('skipped');
    expect(new TestRun(definition).start('a').fail('a').state.status).toBe(
      'failed',
    );
  });
});

describe('cancel', () => {
  const definition = makeWorkflow([
    { name: 'a' },
    { name: 'b' },
    { name: 'tidy', when: 'always' },
    { name: 'f', finally: true },
  ]);

  it('is graceful: stops what runs, leaves out what follows, cleans up', () => {
    const run = new TestRun(definition)
      .start('a')
      .signal('cancel', { reason: 'wrong branch' });
    expect(run.cancels).toEqual([{ step: 'a', force: false }]);
    expect(run.status('b')).toBe('cancelled');
    run.fail('a');
    expect(run.starts).toEqual(['tidy']);
    run.run('tidy').run('f');
    expect(run.state).toMatchObject({
      status: 'cancelled',
      steps: {
        b: {
          skipReason:
            'The run was cancelled by user:default/ada: wrong branch.',
        },
      },
    });
  });

  it('forces at the second time', () => {
    const run = new TestRun(definition)
      .start('a')
      .signal('cancel')
      .signal('cancel');
    expect(run.cancels).toEqual([{ step: 'a', force: true }]);
    expect(run.status('f')).toBe('cancelled');
    expect(run.fail('a').state.status).toBe('cancelled');
  });

  it('counts one signal once', () => {
    const run = new TestRun(definition)
      .start('a')
      .signal('cancel', { id: 's1' })
      .signal('cancel', { id: 's1' });
    expect(run.cancels).toEqual([{ step: 'a', force: false }]);
  });

  it('ends a run that waits for an approval, a retry or a person', () => {
    const waiting = new TestRun(makeWorkflow([{ name: 'a', when: 'manual' }]));
    expect(waiting.signal('cancel').state.status).toBe('cancelled');
    const retrying = new TestRun(makeWorkflow([{ name: 'a', retry: twice }]));
    retrying.start('a').fail('a', { transient: true });
    expect(retrying.signal('cancel').state.status).toBe('cancelled');
  });

  it('changes nothing when everything had succeeded already', () => {
    const run = new TestRun(makeWorkflow([{ name: 'a' }]))
      .start('a')
      .signal('cancel');
    expect(run.succeed('a').state.status).toBe('succeeded');
  });

  it('keeps a failure that came first', () => {
    const run = new TestRun(
      makeWorkflow([
        { name: 'a', dependsOn: [] },
        { name: 'b', dependsOn: [] },
      ]),
    );
    run.start('a').start('b').fail('a').signal('cancel').fail('b');
    expect(run.state).toMatchObject({
      status: 'failed',
      failure: { step: 'a' },
    });
  });
});

describe('pause', () => {
  it('lets running steps end and starts no others until it is resumed', () => {
    const run = new TestRun(makeWorkflow([{ name: 'a' }, { name: 'b' }]));
    run.start('a').signal('pause');
    expect(run.state.status).toBe('running');
    run.succeed('a');
    expect(run.starts).toEqual([]);
    expect(run.state).toMatchObject({
      status: 'waiting',
      waiting: { kind: 'paused', message: 'user:default/ada paused the run.' },
    });
    run.signal('resume');
    expect(run.starts).toEqual(['b']);
  });
});
