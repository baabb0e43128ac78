import { decide } from './decide';
import { makeWorkflow, TestRun } from './testDriver';

describe('order of steps', () => {
  it('starts a step when the step before it has ended', () => {
    const run = new TestRun(
      makeWorkflow([{ name: 'build' }, { name: 'deploy' }]),
    );
    expect(run.starts).toEqual(['build']);
    run.start('build');
    expect(run.starts).toEqual([]);
    run.succeed('build');
    expect(run.starts).toEqual(['deploy']);
    run.run('deploy');
    expect(run.state.status).toBe('succeeded');
  });

  it('starts independent steps together, up to maxParallel', () => {
    const steps = ['a', 'b', 'c'].map(name => ({ name, dependsOn: [] }));
    expect(new TestRun(makeWorkflow(steps)).starts).toEqual(['a', 'b', 'c']);
    const limited = new TestRun(makeWorkflow(steps, { maxParallel: 2 }));
    expect(limited.starts).toEqual(['a', 'b']);
    limited.start('a');
    expect(limited.starts).toEqual(['b']);
    limited.start('b').succeed('a');
    expect(limited.starts).toEqual(['c']);
  });

  it('gives the same commands until an event says they were carried out', () => {
    const run = new TestRun(makeWorkflow([{ name: 'build' }]));
    expect(decide(run.state)).toEqual(decide(run.state));
    expect(decide(run.state)[0]).toEqual({
      type: 'StartStep',
      step: 'build',
      attempt: 1,
      key: 'run-1/build/1',
      deadlineMs: 1_800_000,
    });
  });

  it('skips a step that was written for success and everything after it when a step fails', () => {
    const run = new TestRun(
      makeWorkflow([{ name: 'build' }, { name: 'deploy' }, { name: 'verify' }]),
    );
    run.start('build').fail('build');
    expect(run.status('deploy')).toBe('skipped');
    expect(run.state.steps.verify.skipReason).toBe(
      'Skipped because step "build" failed, and this step needs its success.',
    );
    expect(run.state.status).toBe('failed');
    expect(run.state.failure).toEqual({
      step: 'build',
      error: { code: 'BROKEN', message: 'It broke.', transient: false },
    });
  });

  it('lets branches go on that do not depend on the failure', () => {
    const run = new TestRun(
      makeWorkflow([
        { name: 'left', dependsOn: [] },
        { name: 'right', dependsOn: [] },
        { name: 'afterRight', dependsOn: ['right'] },
      ]),
    );
    run.start('left').start('right').fail('left').succeed('right');
    expect(run.starts).toEqual(['afterRight']);
    run.run('afterRight');
    expect(run.state.status).toBe('failed');
  });

  it('runs steps for failure, then for always, and names the first failing step', () => {
    const run = new TestRun(
      makeWorkflow([
        { name: 'build' },
        { name: 'rollback', when: 'on_failure' },
        { name: 'tidy', when: 'always' },
        { name: 'promote' },
        { name: 'notify', finally: true },
      ]),
    );
    run.start('build').fail('build');
    expect(run.starts).toEqual(['rollback']);
    run.start('rollback').fail('rollback', { code: 'SECOND' });
    expect(run.starts).toEqual(['tidy']);
    run.run('tidy');
    expect(run.status('promote')).toBe('skipped');
    expect(run.starts).toEqual(['notify']);
    run.run('notify');
    expect(run.state).toMatchObject({
      status: 'failed',
      failure: { step: 'build' },
    });
  });

  it('does not go on with steps for success behind a handled failure', () => {
    const run = new TestRun(
      makeWorkflow([
        { name: 'build' },
        { name: 'notify', when: 'on_failure' },
        { name: 'promote' },
      ]),
    );
    run.start('build').fail('build').run('notify');
    expect(run.state.steps.promote.skipReason).toContain('step "build" failed');
  });

  it('skips a step for failure when nothing before it failed, and goes on behind it', () => {
    const run = new TestRun(
      makeWorkflow([
        { name: 'build' },
        { name: 'rollback', when: 'on_failure' },
        { name: 'promote' },
      ]),
    );
    run.run('build');
    expect(run.state.steps.rollback.skipReason).toContain(
      'nothing before it failed',
    );
    expect(run.starts).toEqual(['promote']);
  });

  it('runs finally after everything else, one after the other, also when one of them fails', () => {
    const run = new TestRun(
      makeWorkflow([
        { name: 'a', dependsOn: [] },
        { name: 'b', dependsOn: [] },
        { name: 'f1', finally: true },
        { name: 'f2', finally: true },
      ]),
    );
    run.run('a');
    expect(run.starts).toEqual(['b']);
    run.run('b');
    expect(run.starts).toEqual(['f1']);
    run.start('f1').fail('f1');
    expect(run.starts).toEqual(['f2']);
    run.run('f2');
    expect(run.state.status).toBe('failed');
  });

  it('leaves out a step of finally for success behind one that failed, and runs one for failure', () => {
    const run = new TestRun(
      makeWorkflow([
        { name: 'a' },
        { name: 'f1', finally: true },
        { name: 'f2', finally: true, when: 'on_success' },
        {
          name: 'f3',
          finally: true,
          when: 'on_failure',
          dependsOn: ['f1'],
        },
      ]),
    );
    run.run('a').start('f1').fail('f1');
    expect(run.status('f2')).toBe('skipped');
    expect(run.starts).toEqual(['f3']);
    expect(run.run('f3').state.failure?.step).toBe('f1');
  });

  it('runs steps of finally that are for failure only after a failure', () => {
    const definition = makeWorkflow([
      { name: 'a' },
      { name: 'alarm', finally: true, when: 'on_failure' },
    ]);
    expect(new TestRun(definition).run('a').state.status).toBe('succeeded');
    expect(new TestRun(definition).start('a').fail('a').starts).toEqual([
      'alarm',
    ]);
  });
});

describe('conditions of steps', () => {
  it('skips with one sentence that shows the value', () => {
    const definition = makeWorkflow(
      [{ name: 'a', if: '$ENV == production' }, { name: 'b' }],
      { variables: { ENV: 'staging' } },
    );
    const run = new TestRun(definition);
    expect(run.state.steps.a.skipReason).toBe(
      'Skipped because "if: $ENV == production" is false: $ENV is "staging".',
    );
    expect(run.starts).toEqual(['b']);
  });

  it('looks at when first, then unless, then if', () => {
    const definition = makeWorkflow([
      { name: 'w', when: 'on_failure', unless: 'true', if: 'false' },
      { name: 'u', unless: 'true', if: 'false' },
      { name: 'i', if: 'false' },
    ]);
    const { steps } = new TestRun(definition).state;
    expect(steps.w.skipReason).toContain('on_failure');
    expect(steps.u.skipReason).toContain('"unless: true" is true');
    expect(steps.i.skipReason).toContain('"if: false" is false');
  });

  it('sees outputs and variables of earlier steps', () => {
    const run = new TestRun(
      makeWorkflow([
        { name: 'test' },
        { name: 'deploy', if: '${test.coverage} >= 80 and $READY' },
        { name: 'last', if: 'deploy.skipped' },
      ]),
    );
    run.start('test').succeed('test', {
      outputs: { coverage: 9 },
      variables: { READY: 'yes' },
    });
    expect(run.state.steps.deploy.skipReason).toContain(
      '${test.coverage} is "9"',
    );
    expect(run.starts).toEqual(['last']);
  });

  it('fails the step when a condition has no result', () => {
    const definition = makeWorkflow([{ name: 'a', if: 'x matches $P' }], {
      variables: { P: '(' },
    });
    const run = new TestRun(definition);
    expect(run.state).toMatchObject({
      status: 'failed',
      failure: { step: 'a', error: { code: 'CONDITION_INVALID' } },
    });
  });

  it('does not look at conditions again for another attempt', () => {
    const run = new TestRun(
      makeWorkflow(
        [
          {
            name: 'a',
            dependsOn: [],
            if: '$GO',
            retry: {
              attempts: 2,
              backoff: { initialMs: 10, factor: 1, maxMs: 10, jitter: 0 },
            },
          },
          { name: 'b', dependsOn: [] },
        ],
        { variables: { GO: 'yes' } },
      ),
    );
    run.start('a').fail('a', { transient: true });
    run.start('b').succeed('b', { variables: { GO: 'no' } });
    run.fire('retry/a/1');
    expect(run.starts).toEqual(['a']);
  });
});

describe('outputs of the run', () => {
  it('are interpolated when the run ended well', () => {
    const run = new TestRun(
      makeWorkflow([{ name: 'a' }], {
        outputs: { url: 'https://${a.host}', port: '${a.port}' },
      }),
    );
    run.run('a', { host: 'shop.example', port: 8080 });
    expect(run.state.outputs).toEqual({
      url: 'https://shop.example',
      port: 8080,
    });
  });

  it('fail the run when they cannot be resolved', () => {
    const run = new TestRun(
      makeWorkflow([{ name: 'a' }], { outputs: { url: '${a.host}' } }),
    );
    run.run('a');
    expect(run.state.status).toBe('failed');
    expect(run.state.failure?.error.message).toContain('"${a.host}"');
  });
});
