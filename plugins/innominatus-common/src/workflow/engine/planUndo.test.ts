import { makeWorkflow, TestRun } from './testDriver';
import { carryOver } from './carryOver';
import { planUndo } from './planUndo';

const anything = () => undefined;

describe('undo of an ended run', () => {
  it('goes the other way round, with the config that the steps ran with', () => {
    const run = new TestRun(
      makeWorkflow(
        [
          { name: 'a', config: { v: '${V}' }, setVariables: { V: 'x' } },
          {
            name: 'b',
            config: { from: '${a.id}' },
            env: { E: '${V}' },
            dependsOn: ['a'],
            retry: {
              attempts: 2,
              backoff: { initialMs: 1, factor: 1, maxMs: 1, jitter: 0 },
            },
          },
          { name: 'c', dependsOn: ['b'] },
        ],
        { variables: { V: 'before' }, onFailure: 'undo' },
      ),
    );
    run.start('a').succeed('a', {
      outputs: { id: 'one ${V}' },
      variables: { V: 'after' },
    });
    run.start('b').fail('b', { transient: true }).fire('retry/b/1');
    run.start('b').fail('b');
    const { steps, definition } = planUndo({
      events: run.journal,
      refuses: anything,
    });
    expect(steps).toEqual([
      {
        step: 'c',
        type: 'simulate',
        obstacle: { kind: 'notStarted', reason: 'It did not start.' },
      },
      { step: 'b', type: 'simulate' },
      { step: 'a', type: 'simulate' },
    ]);
    expect(definition).not.toHaveProperty('onFailure');
    expect(definition.steps).toMatchObject([
      {
        name: 'b',
        stage: 0,
        dependsOn: [],
        config: { from: 'one ${V}' },
        env: { E: 'after' },
        undo: {
          run: { id: 'run-1', number: 1 },
          status: 'failed',
          keys: ['run-1/b/1', 'run-1/b/2'],
          outputs: {},
        },
      },
      {
        name: 'a',
        stage: 1,
        dependsOn: ['b'],
        config: { v: 'before' },
        undo: { status: 'succeeded', outputs: { id: 'one ${V}' } },
      },
    ]);
  });

  it('does not touch what cannot be undone, but keeps the order around it', () => {
    const run = new TestRun(
      makeWorkflow([{ name: 'a' }, { name: 'b', type: 'mail' }, { name: 'c' }]),
    );
    run.run('a').run('b').run('c');
    const { steps, definition } = planUndo({
      events: run.journal,
      refuses: type => (type === 'mail' ? 'A mail is read.' : undefined),
    });
    expect(steps[1].obstacle).toEqual({
      kind: 'noUndo',
      reason: 'A mail is read.',
    });
    expect(
      definition.steps.map(({ name, dependsOn }) => [name, dependsOn]),
    ).toEqual([
      ['c', []],
      ['a', ['c']],
    ]);
  });

  it('begins with what cleaned up', () => {
    const run = new TestRun(
      makeWorkflow([{ name: 'a' }, { name: 'f', finally: true }]),
    );
    run.run('a').run('f');
    const { definition } = planUndo({ events: run.journal, refuses: anything });
    expect(
      definition.steps.map(({ name, dependsOn }) => [name, dependsOn]),
    ).toEqual([
      ['f', []],
      ['a', ['f']],
    ]);
  });

  it('undoes the items of a step before what they were built on', () => {
    const run = new TestRun(
      makeWorkflow([
        { name: 'a' },
        {
          name: 'each',
          forEach: { items: ['eu', 'us'], maxItems: 9 },
          config: { to: '${item}' },
        },
        { name: 'c' },
      ]),
    );
    run.run('a').run('each-0').run('each-1').run('c');
    const plan = planUndo({ events: run.journal, refuses: anything });
    expect(plan.steps.map(step => step.step)).toEqual([
      'c',
      'each-1',
      'each-0',
      'a',
    ]);
    expect(
      plan.definition.steps.map(({ name, dependsOn, config }) => [
        name,
        dependsOn,
        config,
      ]),
    ).toEqual([
      ['c', [], {}],
      ['each-1', ['c'], { to: 'us' }],
      ['each-0', ['c'], { to: 'eu' }],
      ['a', ['each-0', 'each-1', 'c'], {}],
    ]);
    expect(plan.definition.steps[1]).not.toHaveProperty('item');
  });

  it('leaves to the earlier run what a retry took over', () => {
    const workflow = makeWorkflow([{ name: 'a' }, { name: 'b' }]);
    const run = new TestRun(workflow);
    run.run('a').start('b').fail('b');
    const retry = new TestRun(
      workflow,
      undefined,
      carryOver(run.state).carried,
    );
    retry.run('b');
    const plan = planUndo({ events: retry.journal, refuses: anything });
    expect(plan.steps.map(step => step.obstacle?.kind)).toEqual([
      undefined,
      'carried',
    ]);
    expect(plan.definition.steps.map(step => step.name)).toEqual(['b']);
  });

  it('does not ask of a step what it never had: a config that could be read', () => {
    const run = new TestRun(
      makeWorkflow([{ name: 'a', config: { v: '${steps.a.outputs.none}' } }]),
    );
    run.start('a').fail('a');
    const plan = planUndo({ events: run.journal, refuses: anything });
    expect(plan.steps[0].obstacle?.kind).toBe('notStarted');
  });
});
