import { RunEvent, RunState, StepDefinition } from '../types';
import { carryOver } from './carryOver';
import { decide } from './decide';
import { evolve } from './evolve';
import { input, makeWorkflow, TestRun } from './testDriver';

type Step = Partial<StepDefinition> & { name: string };

const items = (
  value: NonNullable<StepDefinition['forEach']>['items'],
  patch = {},
) => ({
  items: value,
  maxItems: 100,
  ...patch,
});

function runOf(steps: Step[], patch: Parameters<typeof makeWorkflow>[1] = {}) {
  return new TestRun(makeWorkflow(steps, patch), {
    ...input,
    parameters: { regions: ['eu', 'us'], text: 'eu, us', none: [] },
  });
}

const deploy = (patch: Partial<StepDefinition> = {}): Step => ({
  name: 'deploy',
  forEach: items(['eu', 'us', 'ap']),
  ...patch,
});

function replayed(run: TestRun): RunState | undefined {
  return run.journal.reduce<RunState | undefined>(evolve, undefined);
}

describe('a step with forEach', () => {
  it('becomes one step for each item when it is ready, and ends with the last', () => {
    const run = runOf([{ name: 'build' }, deploy(), { name: 'test' }]);
    expect(run.starts).toEqual(['build']);
    expect(Object.keys(run.state.steps)).toHaveLength(3);
    run.run('build');
    expect(run.starts).toEqual(['deploy-0', 'deploy-1', 'deploy-2']);
    expect(run.status('deploy')).toBe('running');
    expect(run.state.definition.steps.map(step => step.name)).toEqual([
      'build',
      'deploy',
      'deploy-0',
      'deploy-1',
      'deploy-2',
      'test',
    ]);
    run.run('deploy-1').run('deploy-0');
    expect(run.status('deploy')).toBe('running');
    expect(run.starts).toEqual(['deploy-2']);
    run.run('deploy-2');
    expect(run.status('deploy')).toBe('succeeded');
    expect(run.starts).toEqual(['test']);
    run.run('test');
    expect(run.state.status).toBe('succeeded');
    expect(replayed(run)).toEqual(run.state);
  });

  it('hands on the outputs of the items in their order', () => {
    const run = runOf([deploy()], {
      outputs: { second: '${deploy.items.1.url}', all: '${deploy.items}' },
    });
    run
      .run('deploy-2', { url: 'c' })
      .run('deploy-1', { url: 'b' })
      .run('deploy-0', { url: 'a' });
    expect(run.state.outputs).toEqual({
      second: 'b',
      all: [{ url: 'a' }, { url: 'b' }, { url: 'c' }],
    });
  });

  it('hands on the outputs of a map by key', () => {
    const run = runOf([
      deploy({ forEach: items({ eu: { size: 1 }, us: { size: 2 } }) }),
    ]);
    expect(run.state.definition.steps[2]).toMatchObject({
      name: 'deploy-1',
      title: 'deploy (us)',
      item: { parent: 'deploy', index: 1, key: 'us', value: { size: 2 } },
    });
    run.run('deploy-0', { n: 1 }).run('deploy-1', { n: 2 });
    expect(run.state.steps.deploy.outputs).toEqual({
      items: { eu: { n: 1 }, us: { n: 2 } },
    });
  });

  it.each([
    ['a list', [], []],
    ['a map', {}, {}],
    ['a reference', '${params.none}', []],
  ])('succeeds at once when %s is empty', (_what, written, gathered) => {
    const run = runOf([
      deploy({ forEach: items(written) }),
      { name: 'test', if: 'deploy.success' },
    ]);
    expect(run.status('deploy')).toBe('succeeded');
    expect(run.state.steps.deploy.outputs).toEqual({ items: gathered });
    expect(run.starts).toEqual(['test']);
  });

  it('takes its items from outputs, also from those written as JSON text', () => {
    for (const found of [['a', 'b'], '["a", "b"]']) {
      const run = runOf([
        { name: 'list' },
        deploy({ forEach: items('${steps.list.outputs.names}') }),
      ]);
      run.run('list', { names: found });
      expect(run.starts).toEqual(['deploy-0', 'deploy-1']);
    }
  });

  it('runs no more items at once than it says, beside the limit of the run', () => {
    const run = runOf([
      deploy({ forEach: items(['a', 'b', 'c'], { maxParallel: 2 }) }),
      { name: 'beside', dependsOn: [] },
    ]);
    expect(run.starts).toEqual(['deploy-0', 'deploy-1', 'beside']);
    run.start('deploy-0').start('deploy-1');
    expect(run.starts).toEqual(['beside']);
    run.succeed('deploy-0');
    expect(run.starts).toEqual(['deploy-2', 'beside']);
    const limited = runOf([deploy()], { maxParallel: 1 });
    expect(limited.starts).toEqual(['deploy-0']);
  });

  it('fails when an item fails, after the others have ended', () => {
    const run = runOf([deploy(), { name: 'test' }]);
    run.start('deploy-0').start('deploy-1').start('deploy-2').fail('deploy-1');
    expect(run.status('deploy')).toBe('running');
    run.succeed('deploy-0').succeed('deploy-2');
    expect(run.state.steps.deploy).toMatchObject({
      status: 'failed',
      error: {
        code: 'FOREACH_FAILED',
        message: '1 of 3 items failed, first "deploy-1": It broke.',
      },
    });
    expect(run.state.steps.test.skipReason).toBe(
      'Skipped because step "deploy" failed, and this step needs its success.',
    );
    expect(run.state.failure?.step).toBe('deploy-1');
    expect(run.state.status).toBe('failed');
  });

  it('tries each item again for itself', () => {
    const retry = {
      attempts: 2,
      backoff: { initialMs: 10, factor: 2, maxMs: 60, jitter: 0 },
    };
    const run = runOf([deploy({ retry })]);
    run.start('deploy-0').fail('deploy-0', { transient: true });
    expect(run.status('deploy-0')).toBe('waiting');
    expect(run.status('deploy')).toBe('running');
    run.fire('retry/deploy-0/1').run('deploy-0');
    expect(run.state.steps['deploy-0'].attempt).toBe(2);
    run.run('deploy-1').run('deploy-2');
    expect(run.state.status).toBe('succeeded');
  });

  it('gives each item the whole time of the step, and itself none', () => {
    const run = runOf([deploy({ timeoutMs: 5_000 })]);
    expect(Object.keys(run.state.timers)).toEqual(['run']);
    run.start('deploy-1').fire('timeout/deploy-1/1');
    expect(run.cancels).toEqual([{ step: 'deploy-1', force: false }]);
  });

  it('judges its conditions once, before there are items', () => {
    const skipped = runOf([deploy({ if: 'false' })]);
    expect(skipped.status('deploy')).toBe('skipped');
    expect(Object.keys(skipped.state.steps)).toEqual(['deploy']);
    const run = runOf([deploy({ unless: 'false' })]);
    expect(run.state.definition.steps[1]).not.toHaveProperty('unless');
  });

  it('asks once for approval', () => {
    const run = runOf([deploy({ when: 'manual' })]);
    expect(run.state.waiting?.kind).toBe('approval');
    run.signal('approve', { step: 'deploy' });
    expect(run.starts).toEqual(['deploy-0', 'deploy-1', 'deploy-2']);
  });

  it('sets variables once, from the outputs of all items', () => {
    const run = runOf([
      deploy({
        setVariables: {
          urls: '${deploy.items}',
          first: '${steps.deploy.outputs.items.0.url}',
        },
      }),
    ]);
    for (const i of [0, 1, 2]) {
      run.run(`deploy-${i}`, { url: `u${i}` });
    }
    expect(run.state.variables).toEqual({
      urls: [{ url: 'u0' }, { url: 'u1' }, { url: 'u2' }],
      first: 'u0',
    });
    const broken = runOf([
      deploy({ setVariables: { x: '${deploy.items.0.nothing}' } }),
    ]);
    broken.run('deploy-0').run('deploy-1').run('deploy-2');
    expect(broken.state.steps.deploy.error?.code).toBe('REFERENCE_UNRESOLVED');
  });

  it('shows the item in the title', () => {
    const titles = (
      title: string | undefined,
      list: (string | object | null)[],
    ) =>
      runOf([deploy({ title, forEach: items(list as string[]) })])
        .state.definition.steps.slice(1)
        .map(step => step.title);
    expect(titles(undefined, ['eu', { a: 1 }, null])).toEqual([
      'deploy (eu)',
      'deploy (2)',
      'deploy (3)',
    ]);
    expect(titles('Deploy to ${item} as ${index}', ['eu'])).toEqual([
      'Deploy to eu as 0',
    ]);
    expect(titles('Costs $HOME', ['eu'])).toEqual(['Costs $HOME (eu)']);
    expect(titles('For ${item}', [{ $secretRef: 'x/y' }])).toEqual([
      'For ${item} (1)',
    ]);
  });

  it('does not begin while the run is paused', () => {
    const run = runOf([{ name: 'build' }, deploy()]);
    run.start('build').signal('pause').succeed('build');
    expect(run.status('deploy')).toBe('pending');
    run.signal('resume');
    expect(run.starts).toEqual(['deploy-0', 'deploy-1', 'deploy-2']);
  });

  it('is cancelled with its items, except when it cleans up', () => {
    const run = runOf([deploy()]);
    run.start('deploy-0').signal('cancel');
    expect(run.cancels).toEqual([{ step: 'deploy-0', force: false }]);
    expect(run.status('deploy-1')).toBe('cancelled');
    expect(run.status('deploy')).toBe('running');
    run.fail('deploy-0');
    expect(run.state.steps.deploy.status).toBe('cancelled');
    expect(run.state.status).toBe('cancelled');

    const cleaning = runOf([
      { name: 'build' },
      deploy({ finally: true, when: 'always' }),
    ]);
    cleaning.start('build').signal('cancel').fail('build');
    expect(cleaning.starts).toEqual(['deploy-0', 'deploy-1', 'deploy-2']);
  });

  it('waits with its items, so that the run can say why', () => {
    const run = runOf([deploy({ forEach: items(['a']) })]);
    run.start('deploy-0').apply({
      type: 'StepLost',
      at: run.now,
      step: 'deploy-0',
      attempt: 1,
      action: 'hold',
    });
    expect(run.state).toMatchObject({
      status: 'waiting',
      waiting: { kind: 'person' },
    });
  });

  it('takes no event that is meant for attempts', () => {
    const run = runOf([deploy()]);
    const about = { at: run.now, step: 'deploy', attempt: 0 };
    const events: RunEvent[] = [
      { type: 'StepSucceeded', ...about, outputs: {} },
      { type: 'StepLost', ...about, action: 'hold' },
      { type: 'StepStarted', ...about, attempt: 1 },
      { type: 'StepSkipped', ...about, status: 'skipped', reason: 'no' },
      { type: 'StepExpanded', ...about, items: ['again'] },
    ];
    for (const event of events) {
      expect(evolve(run.state, event)).toBe(run.state);
    }
  });
});

describe('items that cannot be used', () => {
  const errorOf = (written: unknown, more: Step[] = [], parameters = {}) => {
    const definition = makeWorkflow([
      deploy({ forEach: { items: written as string, maxItems: 3 } }),
      ...more,
    ]);
    const run = new TestRun(definition, { ...input, parameters });
    expect(run.state.steps.deploy).toMatchObject({
      status: 'failed',
      outputs: {},
    });
    return run.state.failure?.error;
  };

  it('name what was found', () => {
    expect(errorOf('${params.x}', [], { x: 'eu, us' })).toEqual({
      code: 'FOREACH_NOT_A_LIST',
      message:
        '"forEach" of step "deploy" needs a list or a map, but got a string. A text has to be JSON, for example ["eu", "us"].',
      transient: false,
    });
    expect(errorOf('${params.x}', [], { x: 5 })?.message).toContain('a number');
    expect(
      errorOf('${params.x}', [], { x: { $secretRef: 'a/b' } })?.message,
    ).toContain('a secret');
    expect(
      errorOf('${params.x}', [], { x: '{"$secretRef":"a/b"}' })?.code,
    ).toBe('FOREACH_NOT_A_LIST');
  });

  it('name the reference that has no value', () => {
    const error = errorOf('${params.gone}', [], { regions: [] });
    expect(error?.code).toBe('REFERENCE_UNRESOLVED');
    expect(error?.message).toContain('"/steps/deploy/forEach"');
    expect(error?.message).toContain('"regions"');
  });

  it('name the limit', () => {
    expect(errorOf(['a', 'b', 'c', 'd'])).toMatchObject({
      code: 'FOREACH_LIMIT',
      message: expect.stringContaining('has 4 items, 3 are allowed'),
    });
    expect(errorOf(['x'.repeat(300_000)])?.message).toContain(
      'more than 262144 characters',
    );
    expect(errorOf(['a', 'b'], [{ name: 'deploy-1' }])?.message).toContain(
      'needs the name "deploy-1"',
    );
    expect(errorOf(JSON.parse('{"__proto__": 1}'))?.message).toContain(
      '"__proto__"',
    );
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect(errorOf('${params.x}', [], { x: deep })?.message).toContain(
      'nested deeper than 64 levels',
    );
    const many = Array.from({ length: 1_998 }, (_, i) => ({
      name: `s${i}`,
      dependsOn: [],
    }));
    expect(errorOf(['a', 'b'], many)?.message).toContain('to 2001 steps');
  });

  it('outputs of all items together are bounded', () => {
    const run = runOf([deploy()]);
    const url = 'x'.repeat(400_000);
    for (const i of [0, 1, 2]) {
      run.run(`deploy-${i}`, { url });
    }
    expect(run.state.steps.deploy.error?.code).toBe('OUTPUT_TOO_LARGE');
  });
});

describe('the retry of a run with forEach', () => {
  function retried(state: RunState): { state: RunState; starts: string[] } {
    const { definition, carried } = carryOver(state);
    const next = evolve(undefined, {
      type: 'RunStarted',
      at: 5,
      definition,
      input,
      carried,
    });
    return {
      state: next,
      starts: decide(next).flatMap(c => (c.type === 'StartStep' ? c.step : [])),
    };
  }

  it('runs only the items again that failed', () => {
    const run = runOf([{ name: 'list' }, deploy(), { name: 'test' }]);
    run.run('list').run('deploy-0', { n: 0 }).run('deploy-2', { n: 2 });
    run.start('deploy-1').fail('deploy-1');
    const preview = carryOver(run.state);
    expect(preview).toMatchObject({
      kept: ['list', 'deploy-0', 'deploy-2'],
      again: ['deploy-1', 'deploy', 'test'],
      startedBefore: ['deploy-1', 'deploy'],
    });
    const again = retried(run.state);
    expect(again.starts).toEqual(['deploy-1']);
    expect(again.state.steps.deploy.status).toBe('running');
    const done = [
      { type: 'StepStarted', at: 6, step: 'deploy-1', attempt: 1 } as const,
      {
        type: 'StepSucceeded',
        at: 7,
        step: 'deploy-1',
        attempt: 1,
        outputs: { n: 1 },
      } as const,
    ].reduce<RunState>(evolve, again.state);
    expect(done.steps.deploy.outputs).toEqual({
      items: [{ n: 0 }, { n: 1 }, { n: 2 }],
    });
  });

  it('keeps the step when all items are kept', () => {
    const run = runOf([deploy(), { name: 'test' }]);
    run.run('deploy-0').run('deploy-1').run('deploy-2');
    run.start('test').fail('test');
    const { kept, definition } = carryOver(run.state);
    expect(kept).toEqual(['deploy-0', 'deploy-1', 'deploy-2', 'deploy']);
    expect(definition).toBe(run.state.definition);
    expect(retried(run.state).starts).toEqual(['test']);
  });

  it('works the items out anew when what they come from runs again', () => {
    const run = runOf([
      { name: 'list' },
      deploy({ when: 'always', dependsOn: ['list'] }),
      { ...deploy({ finally: true, when: 'always' }), name: 'tidy' },
    ]);
    run.start('list').fail('list');
    run.run('deploy-0').run('deploy-1').run('deploy-2');
    run.run('tidy-0').run('tidy-1').run('tidy-2');
    expect(run.state.status).toBe('failed');
    const { kept, again, definition } = carryOver(run.state);
    expect(kept).toEqual([]);
    expect(again).toEqual(['list', 'deploy', 'tidy']);
    expect(definition.steps.map(step => step.name)).toEqual(again);
    expect(definition.steps[1]).not.toHaveProperty('children');
    expect(retried(run.state).starts).toEqual(['list']);
  });
});
