import { StepDefinition } from '../types';
import { carryOver } from './carryOver';
import { makeWorkflow, TestRun } from './testDriver';

const step = (
  name: string,
  patch: Partial<StepDefinition> = {},
): Partial<StepDefinition> & { name: string } => ({ name, ...patch });

describe('retry of an ended run', () => {
  const definition = makeWorkflow([
    step('a'),
    step('no', { if: 'false' }),
    step('b'),
    step('c'),
    step('f', { finally: true }),
  ]);

  function failedAtB(): TestRun {
    const run = new TestRun(definition);
    run.start('a').succeed('a', {
      outputs: { x: 1 },
      variables: { V: 'a' },
      resources: { db: { host: 'h' } },
    });
    return run.start('b').fail('b').run('f');
  }

  it('keeps finished steps with their outputs and runs the rest', () => {
    const plan = carryOver(failedAtB().state);
    expect(plan).toMatchObject({
      kept: ['a'],
      again: ['no', 'b', 'c', 'f'],
      startedBefore: ['b', 'f'],
    });
    const retry = new TestRun(definition, undefined, plan.carried);
    expect(retry.state).toMatchObject({
      variables: { V: 'a' },
      resources: { db: { host: 'h' } },
      steps: { a: { status: 'succeeded', outputs: { x: 1 }, carried: true } },
    });
    expect(retry.starts).toEqual(['b']);
  });

  it('forgets the variables of what runs again', () => {
    const run = new TestRun(definition);
    run.start('a').succeed('a', { variables: { V: 'a', W: 'a' } });
    run.start('b').succeed('b', { variables: { V: 'b' } });
    run.start('c').fail('c').run('f');
    expect(carryOver(run.state).carried.steps.b.variables).toEqual({ V: 'b' });
    const retry = new TestRun(
      definition,
      undefined,
      carryOver(run.state, { from: 'b' }).carried,
    );
    expect(retry.state.variables).toEqual({ V: 'a', W: 'a' });
  });

  it('runs from a step on what had succeeded as well', () => {
    const run = new TestRun(definition);
    run.run('a').run('b').run('c').run('f');
    expect(run.state.status).toBe('succeeded');
    expect(carryOver(run.state, { from: 'b' })).toMatchObject({
      kept: ['a'],
      again: ['no', 'b', 'c', 'f'],
      startedBefore: ['b', 'c', 'f'],
    });
  });

  it('hands what it took over on to the next retry', () => {
    const first = carryOver(failedAtB().state);
    const retry = new TestRun(definition, undefined, first.carried);
    retry.run('b', { y: 2 }).start('c').fail('c').run('f');
    expect(carryOver(retry.state)).toEqual({
      carried: {
        steps: {
          a: {
            outputs: { x: 1 },
            variables: { V: 'a' },
            resources: { db: { host: 'h' } },
          },
          b: { outputs: { y: 2 } },
        },
      },
      definition,
      kept: ['a', 'b'],
      again: ['no', 'c', 'f'],
      startedBefore: ['c', 'f'],
    });
  });

  it('runs all items again from their step, and one from its own', () => {
    const run = new TestRun(
      makeWorkflow([
        { name: 'a' },
        { name: 'each', forEach: { items: ['eu', 'us'], maxItems: 9 } },
        { name: 'c' },
      ]),
    );
    run.run('a').run('each-0').run('each-1').run('c');
    expect(carryOver(run.state, { from: 'each' })).toMatchObject({
      kept: ['a'],
      again: ['each', 'c'],
      startedBefore: ['each', 'c'],
    });
    const one = carryOver(run.state, { from: 'each-1' });
    expect(one).toMatchObject({
      kept: ['a', 'each-0'],
      again: ['each-1', 'each', 'c'],
    });
    const retry = new TestRun(one.definition, undefined, one.carried);
    expect(retry.starts).toEqual(['each-1']);
  });

  it('decides what came after a failure anew', () => {
    const withHandler = makeWorkflow([
      step('a'),
      step('tell', { when: 'on_failure' }),
      step('next', { when: 'always', dependsOn: ['tell'] }),
    ]);
    const run = new TestRun(withHandler);
    run.start('a').fail('a').run('tell').run('next');
    expect(carryOver(run.state).kept).toEqual([]);
  });
});
