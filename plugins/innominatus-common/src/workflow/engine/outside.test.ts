import { makeWorkflow, TestRun } from './testDriver';

const DAY_MS = 24 * 3_600_000;

const link = { url: 'https://git.example/pulls/1', title: 'Pull request 1' };

function waiting(wait: Parameters<TestRun['wait']>[1] = {}): TestRun {
  return new TestRun(makeWorkflow([{ name: 'a' }, { name: 'b' }]))
    .start('a')
    .wait('a', wait);
}

describe('a step that waits for something outside', () => {
  it('says so, and needs neither a worker nor the time of the run', () => {
    const run = waiting({ message: 'For the merge.', link });
    expect(run.status('a')).toBe('waiting');
    expect(run.state.waiting).toEqual({
      kind: 'outside',
      message: 'For the merge.',
      link,
    });
    expect(run.state.status).toBe('waiting');
    expect(run.state.timers).toEqual({});
    expect(run.starts).toEqual([]);
    const left = run.state.remainingMs;
    run
      .tick(30 * DAY_MS)
      .signal('wake', { step: 'a' })
      .carryOn('a');
    expect(run.state.timers.run).toBeGreaterThan(run.now + left! - 1000);
  });

  it('goes on with the same attempt when it is woken', () => {
    const run = waiting().signal('wake', { step: 'a' });
    expect(run.commands).toContainEqual(
      expect.objectContaining({
        type: 'StartStep',
        step: 'a',
        attempt: 1,
        key: 'run-1/a/1',
        resume: 'resume',
      }),
    );
    run
      .carryOn('a')
      .succeed('a', { outputs: { host: 'db' } })
      .run('b');
    expect(run.state.status).toBe('succeeded');
  });

  it('is woken once by a signal that comes twice', () => {
    const run = waiting().signal('wake', { step: 'a', id: 'x' });
    run.carryOn('a').wait('a').signal('wake', { step: 'a', id: 'x' });
    expect(run.starts).toEqual([]);
  });

  it('looks again when the signal came while it was at work', () => {
    const run = new TestRun(makeWorkflow([{ name: 'a' }])).start('a');
    run.signal('wake', { step: 'a' });
    expect(run.status('a')).toBe('running');
    run.wait('a');
    expect(run.starts).toEqual(['a']);
    run.carryOn('a').wait('a');
    expect(run.starts).toEqual([]);
  });

  it('ignores a signal for a step that waits for nothing outside', () => {
    const run = waiting();
    const before = run.state;
    run.signal('wake', { step: 'b' }).signal('wake', { step: 'nowhere' });
    run.signal('wake');
    expect(run.state).toBe(before);
  });

  it('looks again by itself, less often the longer it waits', () => {
    const run = waiting({ lookAfterMs: 60_000 });
    const lookedAt: number[] = [];
    while (lookedAt.length < 1_000 && run.now < 1_000_000 + 30 * DAY_MS) {
      run.fire('look/a/1').carryOn('a').wait('a', { lookAfterMs: 60_000 });
      lookedAt.push(run.now);
    }
    expect(lookedAt[1] - lookedAt[0]).toBeLessThan(61_000);
    const last = lookedAt.slice(-2);
    expect(last[1] - last[0]).toBeLessThan(0.011 * 30 * DAY_MS);
    expect(lookedAt.length).toBeLessThan(800);
  });

  it('fails when its time is over, counted from the first wait', () => {
    const run = waiting({ expiresAfterMs: DAY_MS, message: 'For the merge.' });
    const end = run.state.waiting?.until;
    run
      .tick(DAY_MS / 2)
      .signal('wake', { step: 'a' })
      .carryOn('a');
    run.wait('a', { expiresAfterMs: DAY_MS, message: 'For the merge.' });
    expect(run.state.waiting?.until).toBe(end);
    run.fire('outside/a/1');
    expect(run.state.steps.a.error).toEqual({
      code: 'WAIT_EXPIRED',
      message: 'Nothing came back within 1d. For the merge.',
      transient: false,
    });
    expect(run.state.status).toBe('failed');
    expect(run.status('b')).toBe('skipped');
  });

  it('fails at once when it wants to wait on after its time', () => {
    const run = waiting({ expiresAfterMs: DAY_MS });
    run.signal('wake', { step: 'a' }).carryOn('a').tick(DAY_MS).wait('a');
    expect(run.state.steps.a.error?.code).toBe('WAIT_EXPIRED');
  });

  it('has a time of its own in each turn', () => {
    const run = new TestRun(
      makeWorkflow([{ name: 'a', timeoutMs: 60_000 }]),
    ).start('a');
    run.wait('a').tick(DAY_MS).signal('wake', { step: 'a' }).carryOn('a');
    run.fire('timeout/a/1').wait('a');
    expect(run.state.steps.a.error?.code).toBe('STEP_TIMEOUT');
  });

  it('gets a last turn when the run is cancelled', () => {
    const run = waiting().signal('cancel');
    expect(run.starts).toEqual(['a']);
    run.carryOn('a');
    expect(run.cancels).toEqual([{ step: 'a', force: false }]);
    run.wait('a');
    expect(run.status('a')).toBe('cancelled');
    expect(run.state.status).toBe('cancelled');
  });

  it('ends without a turn when the cancel is forced', () => {
    const run = waiting().signal('cancel').signal('cancel');
    expect(run.status('a')).toBe('cancelled');
    expect(run.state.status).toBe('cancelled');
  });

  it('waits on when it cleans up after a cancel', () => {
    const run = new TestRun(
      makeWorkflow([{ name: 'a' }, { name: 'b', finally: true }]),
    );
    run.run('a').start('b').wait('b').signal('cancel');
    expect(run.starts).toEqual([]);
    run.signal('wake', { step: 'b' }).carryOn('b').succeed('b');
    expect(run.state.status).toBe('succeeded');
  });

  it('lets other steps go on, whose time counts', () => {
    const run = new TestRun(
      makeWorkflow([
        { name: 'a', dependsOn: [] },
        { name: 'b', dependsOn: [] },
      ]),
    );
    run.start('a').wait('a').start('b');
    expect(run.state.status).toBe('running');
    expect(run.state.timers.run).toBeDefined();
    run.succeed('b');
    expect(run.state.status).toBe('waiting');
  });

  it('begins its wait anew with the next attempt', () => {
    const run = new TestRun(
      makeWorkflow([
        {
          name: 'a',
          retry: {
            attempts: 2,
            backoff: { initialMs: 1, factor: 1, maxMs: 1, jitter: 0 },
          },
        },
      ]),
    );
    run.start('a').wait('a', { expiresAfterMs: DAY_MS });
    run
      .tick(DAY_MS / 2)
      .signal('wake', { step: 'a' })
      .carryOn('a');
    run.fail('a', { transient: true }).fire('retry/a/1').start('a', 2);
    run.wait('a', { expiresAfterMs: DAY_MS });
    expect(run.state.waiting?.until).toBe(run.now + DAY_MS);
  });

  it('stays where it is while the run is paused', () => {
    const run = waiting().signal('pause').signal('wake', { step: 'a' });
    expect(run.starts).toEqual([]);
    run.signal('resume');
    expect(run.starts).toEqual(['a']);
  });
});
