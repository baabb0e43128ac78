import { Entity } from '@backstage/catalog-model';
import { Knex } from 'knex';
import { compileWorkflow } from '@innominatus/backstage-plugin-innominatus-common';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { PLATFORM, SCORE } from '../__testUtils__/platformFiles';
import { createTestPlatform } from '../__testUtils__/TestPlatform';
import { planSteps } from './planSteps';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const POLICY = (spec: string, name = 'test') => `---
apiVersion: innominatus.dev/v1
kind: Policy
metadata: { name: ${name} }
spec: ${spec}
`;

const PATHS = `---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: pause }
spec:
  steps:
    - { name: rest, type: wait, config: { duration: 1ms } }
`;

describe.each(databases.each())('policies on %s', id => {
  let knex: Knex;
  let groups: string[];
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;
  const files = new Map<string, string>();

  const start = async (policies: string, entities: Entity[] = []) => {
    files.set('platform.yaml', `${PLATFORM}${PATHS}${policies}`);
    platform = await createTestPlatform({
      knex,
      files,
      entities,
      ownershipRefs: () => groups,
    });
  };
  const ask = (route: string, more: object = {}) =>
    platform.api
      .post(`/applications/development/orders/${route}`)
      .send({ action: 'deploy', score: SCORE, ...more });

  beforeEach(async () => {
    knex = await databases.init(id);
    files.clear();
    groups = [];
  });

  afterEach(async () => {
    await platform.stop();
  });

  it('about a product go by the system in the catalog, whatever the spec says', async () => {
    const orders = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'orders',
        annotations: { 'innominatus.dev/workload': 'orders' },
      },
      spec: { type: 'service', owner: 'jane', system: 'shop' },
    };
    const shop = POLICY(
      '{ appliesTo: { products: [shop] }, limits: { steps: 1 } }',
    );
    await start(shop, [orders]);
    const score = SCORE.replace(
      '  name: orders',
      '  name: orders\n  product: elsewhere',
    );
    const { body: plan } = await ask('plans', { score });
    expect(plan.policies).toMatchObject([{ name: 'test', result: 'deny' }]);
    expect(plan.warnings).toContainEqual({
      code: 'PRODUCT_NOT_OF_CATALOG',
      message: expect.stringContaining('"elsewhere"'),
    });
    expect((await ask('deployments', { score })).body.code).toBe(
      'POLICY_DENIED',
    );
    const { body: silent } = await ask('plans');
    expect(silent.policies).toHaveLength(1);
    expect(JSON.stringify(silent.warnings)).not.toContain('PRODUCT_NOT');
  });

  it('say in the plan what they say, and refuse a deployment before it starts', async () => {
    await start(
      POLICY(
        `{ rules: [{ name: no-postgres, expression: "!plan.resources.exists(r, r.type == 'postgres' && r.params.size == 'small')", message: 'No small databases.' }] }`,
      ) + POLICY('{ limits: { steps: 50 } }', 'fine'),
    );
    const plan = await ask('plans');
    expect(plan.body.policies).toMatchObject([
      { name: 'fine', result: 'pass' },
      {
        name: 'test',
        result: 'deny',
        rule: 'no-postgres',
        message: 'No small databases.',
        position: { file: 'platform.yaml' },
      },
    ]);
    const refused = await ask('deployments');
    expect([refused.status, refused.body.code]).toEqual([
      expect.any(Number),
      'POLICY_DENIED',
    ]);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.body.detail).toContain('No small databases.');
    for (const table of ['applications', 'deployments', 'workflow_runs']) {
      expect(await knex(table)).toEqual([]);
    }
    const allowed = await ask('deployments', {
      score: SCORE.replace('size: small', 'size: large'),
    });
    expect(allowed.status).toBe(202);
  });

  it('see who asks and what is overridden', async () => {
    await start(
      POLICY(
        '{ executors: { allowed: ["group:ops"] }, overrides: { allowed: ["containers.*.image"] } }',
      ),
    );
    const rules = async (more: object = {}) =>
      (await ask('plans', more)).body.policies.map(
        ({ rule = 'pass' }: { rule?: string }) => rule,
      );
    expect(await rules()).toEqual(['executors']);
    groups = ['group:default/ops'];
    expect(await rules()).toEqual(['pass']);
    expect(
      await rules({ overrideProperties: ['containers.main.image=a:1'] }),
    ).toEqual(['pass']);
    expect(
      await rules({
        overrides: { resources: { db: { params: { size: 'large' } } } },
      }),
    ).toEqual(['overrides']);
  });

  it('are not passed by while one of them cannot be read', async () => {
    await start('');
    files.set('more.yaml', POLICY('{ limits: { step: 1 } }', 'broken'));
    await platform.registry.refresh();
    const refused = await ask('deployments');
    expect(refused.body.code).toBe('POLICY_DENIED');
    expect(refused.body.detail).toContain('"broken" cannot be read');
    const run = await platform.api.post('/golden-paths/pause/runs').send({});
    expect([run.status, run.body.code]).toEqual([403, 'POLICY_DENIED']);
    files.set('more.yaml', POLICY('{ limits: { steps: 40 } }', 'broken'));
    await platform.registry.refresh();
    expect((await ask('plans')).body.policies).toMatchObject([
      { name: 'broken', result: 'pass' },
    ]);
    // The last good version stays.
    files.set('more.yaml', POLICY('{ limits: { step: 1 } }', 'broken'));
    await platform.registry.refresh();
    expect((await ask('plans')).body.policies).toMatchObject([
      { name: 'broken', result: 'pass' },
    ]);
  });

  it('judge golden paths of their own when they say so', async () => {
    await start(
      POLICY(
        '{ appliesTo: { actions: [run] }, stepTypes: { denied: [wait] } }',
      ) + POLICY('{ limits: { duration: 1s } }', 'others'),
    );
    const refused = await platform.api
      .post('/golden-paths/pause/runs')
      .send({});
    expect([refused.status, refused.body.code]).toEqual([403, 'POLICY_DENIED']);
    expect(refused.body.detail).toContain('"rest" is of the type "wait"');
  });
});

describe('the steps that policies see', () => {
  const compile = (name: string, steps: object[]) =>
    compileWorkflow({
      apiVersion: 'innominatus.dev/v1',
      kind: 'Workflow',
      metadata: { name },
      spec: { steps },
    }).definition!;
  const call = (workflow: string, parameters = {}) => ({
    name: 'call',
    type: 'workflow',
    config: { workflow, parameters },
  });

  it('are also those of the workflows that are called, in stages of their own', () => {
    const inner = compile('inner', [
      { name: 'a', type: 'wait' },
      { name: 'again', type: 'workflow', config: { workflow: 'inner' } },
    ]);
    const outer = compile('outer', [
      { name: 'call', type: 'workflow', config: { workflow: 'inner' } },
      { name: 'last', type: 'http' },
    ]);
    const { steps, workflows } = planSteps(outer, {
      getWorkflow: name => (name === 'inner' ? inner : undefined),
      parameters: {},
    });
    expect(workflows).toEqual(['inner']);
    const names = steps.map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['call', 'call/a', 'call/again']);
    expect(names.at(-1)).toBe('last');
    // A workflow that calls itself ends somewhere.
    expect(steps.length).toBeLessThan(20);
    expect(new Set(steps.map(({ stage }) => stage)).size).toBe(steps.length);
  });

  it('are found as deep as runs can be nested', () => {
    const at = (depth: number) =>
      compile(`w${depth}`, [
        depth === 8
          ? { name: 'shell', type: 'command' }
          : call(`w${depth + 1}`),
      ]);
    const { steps } = planSteps(at(0), {
      getWorkflow: name => at(Number(name.slice(1))),
      parameters: {},
    });
    expect(steps.map(({ type }) => type)).toContain('command');
  });

  it('are found by a parameter, and are unknown where only the run can tell', () => {
    const workflows: Record<string, ReturnType<typeof compile>> = {
      shell: compile('shell', [{ name: 'run', type: 'command' }]),
      pass: compile('pass', [call('${params.next}')]),
    };
    const typesOf = (step: object) =>
      planSteps(compile('outer', [step]), {
        getWorkflow: name => workflows[name],
        parameters: { wanted: 'shell' },
      }).steps.map(({ type }) => type);
    expect(typesOf(call('${params.wanted}'))).toEqual(['workflow', 'command']);
    expect(typesOf(call('pass', { next: '${params.wanted}' }))).toEqual([
      'workflow',
      'workflow',
      'command',
    ]);
    for (const name of [
      '${workflow.name}',
      'a-${params.wanted}',
      '${params.x}',
    ]) {
      expect(typesOf(call(name))).toEqual(['workflow', 'unknown']);
    }
  });

  it('may be left out by a condition, wherever on the way to them', () => {
    const workflows: Record<string, ReturnType<typeof compile>> = {
      scan: compile('scan', [{ name: 'run', type: 'wait' }]),
      pass: compile('pass', [call('scan')]),
    };
    const skipped = (...steps: object[]) =>
      planSteps(compile('outer', steps), {
        getWorkflow: name => workflows[name],
        parameters: {},
      }).mayBeSkipped;
    const other = { ...call('scan'), name: 'other' };
    expect(skipped(call('pass'))).toEqual([]);
    expect(skipped({ ...call('scan'), if: 'params.x' })).toEqual(['scan']);
    expect(skipped({ ...call('scan'), unless: 'params.x' })).toEqual(['scan']);
    expect(skipped({ ...call('scan'), when: 'on_failure' })).toEqual(['scan']);
    expect(skipped({ ...call('scan'), forEach: '${params.x}' })).toEqual([
      'scan',
    ]);
    expect(skipped({ ...call('pass'), if: 'params.x' })).toEqual([
      'pass',
      'scan',
    ]);
    expect(skipped({ ...call('pass'), if: 'params.x' }, other)).toEqual([
      'pass',
    ]);
  });
});
