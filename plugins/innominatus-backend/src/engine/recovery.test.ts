import { StepType } from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { createKillable } from '../__testUtils__/killable';
import { aborted, testStepType } from '../__testUtils__/stepTypes';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import {
  createTestEngine,
  eventually,
  TestEngine,
  TestEngineOptions,
} from '../__testUtils__/TestEngine';
import { inOrder, testWorkflow } from '../__testUtils__/workflows';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.each())('recovery on %s', databaseId => {
  let knex: Knex;
  let engines: TestEngine[];
  let ledger: string[];
  let killables: Array<ReturnType<typeof createKillable>>;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engines = [];
    ledger = [];
    killables = [];
  });

  afterEach(async () => {
    for (const killable of killables) {
      killable.revive();
    }
    await Promise.all(engines.map(engine => engine.runtime.stop()));
  });

  function killableKnex() {
    const killable = createKillable(knex);
    killables.push(killable);
    return killable;
  }

  async function startEngine(options: Partial<TestEngineOptions> = {}) {
    const engine = await createTestEngine({ knex, ...options });
    engines.push(engine);
    await engine.runtime.start();
    return engine;
  }

  /** A step that writes a ledger; `hangs` decides who never gets to the end. */
  function working(
    hangs: () => boolean,
    onInterrupt: StepType['onInterrupt'] = 'rerun',
  ): StepType {
    return testStepType(
      'working',
      async context => {
        const { step, idempotencyKey, fencingToken, resumed } = context;
        const how = resumed ? 'resume' : 'run';
        ledger.push(`${how} ${step.name} #${step.attempt} ^${fencingToken}`);
        context.log.info(`${step.name} begins`);
        if (step.name === 'b' && hangs()) {
          await aborted(context.signal);
          ledger.push(`stopped ${step.name}`);
          throw new Error('stopped');
        }
        return { outputs: { key: idempotencyKey } };
      },
      { onInterrupt },
    );
  }

  const threeSteps = testWorkflow(
    inOrder([
      { name: 'a', type: 'working' },
      { name: 'b', type: 'working' },
      { name: 'c', type: 'working' },
    ]),
  );

  it.each([
    ['rerun', 'run b #1 ^2'],
    ['resume', 'resume b #1 ^2'],
  ] as const)(
    'goes on after a worker died, with what it did not finish: %s',
    async (onInterrupt, again) => {
      const killable = killableKnex();
      const first = await startEngine({
        runtimeKnex: killable.knex,
        stepTypes: [working(() => true, onInterrupt)],
      });
      const { id } = await first.start({ definition: threeSteps });
      await eventually(() => ledger.length === 2);
      killable.kill();

      const second = await startEngine({
        stepTypes: [working(() => false, onInterrupt)],
      });
      const run = await second.waitForEnd(id);
      expect(run.status).toBe('succeeded');
      expect(ledger.filter(entry => !entry.startsWith('stopped'))).toEqual([
        'run a #1 ^1',
        'run b #1 ^1',
        again,
        'run c #1 ^2',
      ]);
      expect(run.steps[1].outputs.key).toBe(`${id}/b/1`);
      const events = await second.events(id);
      expect(events.filter(event => event.type === 'StepLost')).toHaveLength(1);
    },
  );

  it('holds a step for a person when its type says so', async () => {
    const killable = killableKnex();
    const first = await startEngine({
      runtimeKnex: killable.knex,
      stepTypes: [working(() => true, 'hold')],
    });
    const { id } = await first.start({ definition: threeSteps });
    await eventually(() => ledger.length === 2);
    killable.kill();
    const second = await startEngine({
      stepTypes: [working(() => false, 'hold')],
    });
    await eventually(
      async () => (await second.runs.get(id)).status === 'waiting',
    );
    expect((await second.runs.get(id)).waiting?.kind).toBe('person');
  });

  it('lets a worker that lost its lease write nothing more', async () => {
    const killable = createKillable(knex);
    let finish: () => void = () => {};
    const first = await startEngine({
      runtimeKnex: killable.knex,
      stepTypes: [
        testStepType('working', async context => {
          ledger.push(`first ${context.step.name}`);
          await new Promise<void>(resolve => {
            finish = resolve;
          });
          context.log.info('The old worker is still here');
          return { outputs: { by: 'first' } };
        }),
      ],
    });
    const { id } = await first.start({
      definition: testWorkflow([{ name: 'a', type: 'working' }]),
    });
    await eventually(() => ledger.length === 1);
    killable.kill();
    const second = await startEngine({
      stepTypes: [
        testStepType('working', async context => {
          context.log.info('The new worker');
          return { outputs: { by: 'second' } };
        }),
      ],
    });
    await second.waitForEnd(id);
    const before = await second.events(id);

    killable.revive();
    finish();
    await first.runtime.stop();
    expect(await second.events(id)).toEqual(before);
    const run = await second.runs.get(id);
    expect(run.steps[0].outputs).toEqual({ by: 'second' });
    const lines = await second.runs.logs({ id, limit: 10 });
    expect(lines.map(line => line.text)).toEqual(['The new worker']);
  });

  it('hands a run over when the backend stops', async () => {
    const first = await startEngine({ stepTypes: [working(() => true)] });
    const { id } = await first.start({ definition: threeSteps });
    await eventually(() => ledger.length === 2);
    await first.runtime.stop();
    expect(ledger).toContain('stopped b');
    const row = await knex('workflow_runs').where({ id }).first();
    expect(row.lease_owner).toBeNull();

    const second = await startEngine({ stepTypes: [working(() => false)] });
    const begun = performance.now();
    await second.waitForEnd(id);
    // No lease has to run out first.
    expect(performance.now() - begun).toBeLessThan(1400);
    expect(ledger.slice(3)).toEqual(['run b #1 ^2', 'run c #1 ^2']);
  });

  it('lets a running step end before the backend stops', async () => {
    const slow = testStepType('slow', async () => {
      ledger.push('begin');
      await new Promise(resolve => setTimeout(resolve, 200));
      ledger.push('end');
    });
    const first = await startEngine({ stepTypes: [slow] });
    const { id } = await first.start({
      definition: testWorkflow(
        inOrder([
          { name: 'a', type: 'slow' },
          { name: 'b', type: 'slow' },
        ]),
      ),
    });
    await eventually(() => ledger.length === 1);
    await first.runtime.stop();
    const run = await first.runs.get(id);
    expect(run.steps.map(step => step.status)).toEqual([
      'succeeded',
      'pending',
    ]);
  });

  it('shares the work between two workers without doing it twice', async () => {
    const counting = testStepType('counting', async context => {
      ledger.push(context.idempotencyKey);
      await new Promise(resolve => setTimeout(resolve, 20));
    });
    const options = { stepTypes: [counting], concurrency: 3 };
    const [first, second] = [
      await startEngine(options),
      await startEngine(options),
    ];
    const definition = testWorkflow(
      inOrder([
        { name: 'a', type: 'counting' },
        { name: 'b', type: 'counting' },
      ]),
    );
    const ids: string[] = [];
    for (let i = 0; i < 12; i++) {
      const engine = i % 2 ? first : second;
      ids.push((await engine.start({ definition })).id);
    }
    const runs = await Promise.all(ids.map(id => first.waitForEnd(id)));
    expect(runs.every(run => run.status === 'succeeded')).toBe(true);
    expect(ledger).toHaveLength(24);
    expect(new Set(ledger).size).toBe(24);
  });

  it('keeps the order of a key across workers', async () => {
    const counting = testStepType('counting', async context => {
      ledger.push(`+${context.run.number}`);
      await new Promise(resolve => setTimeout(resolve, 10));
      ledger.push(`-${context.run.number}`);
    });
    const first = await startEngine({ stepTypes: [counting] });
    await startEngine({ stepTypes: [counting] });
    const definition = testWorkflow([{ name: 'a', type: 'counting' }]);
    const started = await Promise.all(
      Array.from({ length: 8 }, () =>
        first.start({ definition, concurrencyKey: 'app' }),
      ),
    );
    await Promise.all(started.map(run => first.waitForEnd(run.id)));
    const numbers = started.map(run => run.number).sort((a, b) => a - b);
    expect(ledger).toEqual(numbers.flatMap(n => [`+${n}`, `-${n}`]));
  });

  it('delivers a signal to the worker that owns the run', async () => {
    const slow = testStepType('slow', async context => {
      ledger.push('begin');
      await aborted(context.signal);
      throw context.signal.reason;
    });
    const owner = await startEngine({ stepTypes: [slow] });
    const { id } = await owner.start({
      definition: testWorkflow([{ name: 'a', type: 'slow' }]),
    });
    await eventually(() => ledger.length === 1);
    const other = await startEngine({ stepTypes: [slow] });
    await other.runs.cancel({ id, by: 'user:default/joe' });
    expect((await other.waitForEnd(id)).status).toBe('cancelled');
  });

  it('goes on waiting where it stopped', async () => {
    const first = await startEngine();
    const { id } = await first.start({
      definition: testWorkflow([
        { name: 'a', type: 'wait', config: { duration: '1200ms' } },
      ]),
    });
    const begun = performance.now();
    await eventually(
      async () => (await first.runs.get(id)).status === 'running',
    );
    await eventually(
      async () => (await first.runs.logs({ id, limit: 1 })).length === 1,
    );
    await first.runtime.stop();
    const second = await startEngine();
    const run = await second.waitForEnd(id);
    expect(run.status).toBe('succeeded');
    const tookMs = performance.now() - begun;
    expect(tookMs).toBeGreaterThan(1000);
    expect(tookMs).toBeLessThan(2300);
  });

  it('survives a database that is away for a moment', async () => {
    let away = false;
    const failing = new Proxy(knex, {
      get: (target, property) => {
        if (property === 'transaction' && away) {
          return async () => {
            throw new Error('connection terminated');
          };
        }
        return Reflect.get(target, property, target);
      },
      apply: (target, _self, args) => Reflect.apply(target, undefined, args),
    });
    const slow = testStepType('slow', async context => {
      ledger.push(context.step.name);
      away = context.step.name === 'a';
      setTimeout(() => {
        away = false;
      }, 300);
    });
    const engine = await startEngine({
      runtimeKnex: failing,
      stepTypes: [slow],
    });
    const { id } = await engine.start({
      definition: testWorkflow(
        inOrder([
          { name: 'a', type: 'slow' },
          { name: 'b', type: 'slow' },
        ]),
      ),
    });
    expect((await engine.waitForEnd(id)).status).toBe('succeeded');
    expect(ledger).toEqual(['a', 'b']);
  });
});
