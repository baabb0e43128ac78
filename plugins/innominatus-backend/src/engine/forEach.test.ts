import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
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

describe.each(databases.each())('steps with forEach on %s', databaseId => {
  let knex: Knex;
  let engines: TestEngine[];
  let ledger: string[];

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engines = [];
    ledger = [];
  });

  afterEach(async () => {
    await Promise.all(engines.map(engine => engine.runtime.stop()));
  });

  async function startEngine(options: Partial<TestEngineOptions> = {}) {
    const engine = await createTestEngine({ knex, ...options });
    engines.push(engine);
    await engine.runtime.start();
    return engine;
  }

  /** Writes a ledger; `hangs` names the step that never gets to its end. */
  const working = (hangs?: string) =>
    testStepType('working', async context => {
      const { config, step, env } = context;
      ledger.push(`+${step.name}`);
      if (step.name === hangs) {
        await aborted(context.signal);
        throw new Error('stopped');
      }
      if (config.fail === true) {
        throw new StepFailure('No such region', { code: 'NO_REGION' });
      }
      await new Promise(resolve => setTimeout(resolve, 20));
      ledger.push(`-${step.name}`);
      return { outputs: { seen: config, env, key: context.idempotencyKey } };
    });

  const definition = testWorkflow(
    inOrder([
      {
        name: 'list',
        type: 'simulate',
        config: { outputs: { regions: ['eu', 'us'] } },
      },
      {
        name: 'deploy',
        type: 'working',
        title: 'Deploy to ${item}',
        forEach: {
          items: '${steps.list.outputs.regions}',
          maxItems: 100,
          maxParallel: 1,
        },
        env: { REGION: '${item}' },
        config: { to: '${item}', at: '${index}', text: '$REGION/${index}' },
      },
      { name: 'report', type: 'working', config: { all: '${deploy.items}' } },
    ]),
    { outputs: { first: '${deploy.items.0.seen.to}' } },
  );

  it('run one step for each item, and each is seen with its own state', async () => {
    const engine = await startEngine({ stepTypes: [working()] });
    const { id } = await engine.start({ definition });
    expect((await engine.runs.get(id)).stepsTotal).toBe(3);
    const run = await engine.waitForEnd(id);
    expect(run).toMatchObject({
      status: 'succeeded',
      stepsTotal: 5,
      stepsDone: 5,
      outputs: { first: 'eu' },
    });
    expect(
      run.steps.map(({ name, parent, title, status, attempt }) => [
        name,
        parent,
        title,
        status,
        attempt,
      ]),
    ).toEqual([
      ['list', undefined, undefined, 'succeeded', 1],
      ['deploy', undefined, 'deploy', 'succeeded', 0],
      ['deploy-0', 'deploy', 'Deploy to eu', 'succeeded', 1],
      ['deploy-1', 'deploy', 'Deploy to us', 'succeeded', 1],
      ['report', undefined, undefined, 'succeeded', 1],
    ]);
    expect(run.steps[3].outputs).toEqual({
      seen: { to: 'us', at: 1, text: 'us/1' },
      env: { REGION: 'us' },
      key: `${id}/deploy-1/1`,
    });
    expect(run.steps[4].outputs.seen).toEqual({
      all: [run.steps[2].outputs, run.steps[3].outputs],
    });
    expect(ledger.slice(0, 4)).toEqual([
      '+deploy-0',
      '-deploy-0',
      '+deploy-1',
      '-deploy-1',
    ]);
    const [attempt] = await engine.store.attempts(id, 'deploy-1');
    expect(attempt.status).toBe('succeeded');
  });

  it('go on after a worker died, with the items that did not finish', async () => {
    const killable = createKillable(knex);
    const first = await startEngine({
      runtimeKnex: killable.knex,
      stepTypes: [working('deploy-1')],
    });
    const { id } = await first.start({ definition });
    await eventually(() => ledger.includes('+deploy-1'));
    killable.kill();
    const second = await startEngine({ stepTypes: [working()] });
    const run = await second.waitForEnd(id);
    killable.revive();
    expect(run.status).toBe('succeeded');
    expect(ledger).toEqual([
      '+deploy-0',
      '-deploy-0',
      '+deploy-1',
      '+deploy-1',
      '-deploy-1',
      '+report',
      '-report',
    ]);
    const events = await second.events(id);
    expect(events.filter(event => event.type === 'StepExpanded')).toMatchObject(
      [{ step: 'deploy', items: ['eu', 'us'] }],
    );
    expect(
      events.flatMap(e => (e.type === 'StepLost' ? [e.step] : [])),
    ).toEqual(['deploy-1']);
  });

  it('fail the run by the item that failed', async () => {
    const engine = await startEngine({ stepTypes: [working()] });
    const { id } = await engine.start({
      definition: testWorkflow([
        {
          name: 'go',
          type: 'working',
          forEach: { items: { eu: false, mars: true }, maxItems: 5 },
          config: { name: '${item.key}', fail: '${item.value}' },
        },
      ]),
    });
    const run = await engine.waitForEnd(id);
    expect(run.failure).toMatchObject({
      step: 'go-1',
      error: { code: 'NO_REGION' },
    });
    expect(run.steps.map(step => step.status)).toEqual([
      'failed',
      'succeeded',
      'failed',
    ]);
    expect(run.steps[0].error?.message).toBe(
      '1 of 2 items failed, first "go-1": No such region',
    );
  });
});
