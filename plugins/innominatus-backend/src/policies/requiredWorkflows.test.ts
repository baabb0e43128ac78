import { Knex } from 'knex';
import { PLATFORM, SCORE } from '../__testUtils__/platformFiles';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const POLICY = (required: string) => `---
apiVersion: innominatus.dev/v1
kind: Policy
metadata: { name: guard }
spec: { workflows: { required: ${required} } }
`;

const WORKFLOW = (name: string, config: string, parameters = '{}') => `---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: ${name} }
spec:
  parameters: ${parameters}
  steps:
    - { name: work, type: simulate, config: ${config} }
`;

const REQUIRED =
  '[{ name: scan, phase: pre-deployment, parameters: { app: "${app.name}" } }, { name: watch, phase: post-deployment }]';
const APP = '{ app: { type: string, required: true } }';

describe.each(databases.each())('required workflows on %s', id => {
  let knex: Knex;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;

  const start = async (text: string) => {
    platform = await createTestPlatform({
      knex,
      files: new Map([['platform.yaml', `${PLATFORM}${text}`]]),
    });
  };
  const ask = (route: string) =>
    platform.api
      .post(`/applications/development/orders/${route}`)
      .send({ action: 'deploy', score: SCORE });
  const deploy = () =>
    platform.deploy('development/orders', { action: 'deploy', score: SCORE });
  const nestedIn = async (runId: string, step: string) => {
    const rows = await knex('workflow_runs').where({
      parent_run_id: runId,
      parent_step: step,
    });
    return rows.map(({ status }) => status);
  };

  beforeEach(async () => {
    knex = await databases.init(id);
  });

  afterEach(async () => {
    await platform.stop();
  });

  it('are in the graph of the plan, and run before and after the golden path', async () => {
    await start(
      POLICY(REQUIRED) +
        WORKFLOW(
          'scan',
          '{ duration: 1ms, messages: ["scans ${params.app} ${params.how}"] }',
          '{ app: { type: string, required: true }, how: { type: string, default: twice } }',
        ) +
        WORKFLOW('watch', '{ duration: 1ms }'),
    );
    const { body: plan } = await ask('plans');
    expect(plan.policies).toMatchObject([{ name: 'guard', result: 'pass' }]);
    expect(plan.allowedActions.deploy.allowed).toBe(true);
    const waits = Object.fromEntries(
      plan.steps.map((step: { name: string; dependsOn: string[] }) => [
        step.name,
        step.dependsOn,
      ]),
    );
    expect(waits).toMatchObject({
      'pre-deployment-scan': [],
      'provision-db': ['pre-deployment-scan'],
      'post-deployment-watch': ['prune'],
    });

    const { run, deployment } = await deploy();
    expect(deployment.status).toBe('succeeded');
    const step = (name: string) =>
      run.steps.find(found => found.name === name)!;
    expect(
      step('pre-deployment-scan').endedAt! <= step('provision-db').startedAt!,
    ).toBe(true);
    expect(
      step('prune').endedAt! <= step('post-deployment-watch').startedAt!,
    ).toBe(true);
    for (const name of ['pre-deployment-scan', 'post-deployment-watch']) {
      expect(await nestedIn(run.id, name)).toEqual(['succeeded']);
    }
    const logs = await platform.runs.logs({ id: run.id, after: 0, limit: 500 });
    expect(JSON.stringify(logs)).toContain('scans orders twice');
  });

  it('that fail before the deployment keep it from starting', async () => {
    await start(
      POLICY(REQUIRED) +
        WORKFLOW('scan', '{ fail: { code: BAD, message: No good. } }', APP) +
        WORKFLOW('watch', '{ duration: 1ms }'),
    );
    const { run, deployment } = await deploy();
    expect(deployment.status).toBe('failed');
    expect(run.failure).toMatchObject({ step: 'pre-deployment-scan' });
    expect(
      run.steps.filter(({ status }) => status !== 'skipped'),
    ).toMatchObject([{ name: 'pre-deployment-scan', status: 'failed' }]);
  });

  it('are cancelled with the deployment', async () => {
    await start(POLICY('[scan]') + WORKFLOW('scan', '{ duration: 5m }'));
    const { body } = await ask('deployments');
    const step = 'pre-deployment-scan';
    while ((await nestedIn(body.runId, step))[0] !== 'running') {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    await platform.runs.cancel({ id: body.runId, by: 'user:default/mock' });
    const ended = await platform.waitForEnd(body.runId);
    expect(ended.status).toBe('cancelled');
    expect(await nestedIn(body.runId, step)).toEqual(['cancelled']);
  });

  it.each([
    ['do not exist', '', 'There is no workflow "scan"'],
    [
      'have parameters that nobody gives',
      WORKFLOW('scan', '{ duration: 1ms }', APP),
      'Set "parameters" beside its name in the policy "guard"',
    ],
  ])('that %s block the plan and tell why', async (_, text, reason) => {
    await start(`${POLICY('[scan]')}${text}`);
    const { status, body: plan } = await ask('plans');
    expect(status).toBe(201);
    expect(plan.allowedActions.deploy.allowed).toBe(false);
    expect(plan.policies).toMatchObject([
      {
        name: 'guard',
        result: 'deny',
        rule: 'workflows.required',
        message: expect.stringContaining(reason),
        position: { file: 'platform.yaml', line: expect.any(Number) },
      },
    ]);
    const refused = await ask('deployments');
    expect(refused.body).toMatchObject({
      code: 'POLICY_DENIED',
      detail: expect.stringContaining(reason),
    });
    expect(await knex('workflow_runs')).toEqual([]);
  });
});
