import { PLATFORM, SCORE } from '../__testUtils__/platformFiles';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const FILES = `${PLATFORM}---
apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: frozen }
spec:
  type: staging
  freezes: [{ reason: The auditors are here., from: '2020-01-01', to: '2999-01-01' }]
---
apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: guarded }
spec: { type: staging, rules: { approval: { quorum: 1 } } }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: undeploy-app, version: 1.0.0 }
spec:
  steps:
    - { name: remove, type: resource-provisioning, config: { operation: delete } }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: greet, version: 1.0.0 }
spec:
  steps:
    - { name: greet, type: simulate, config: { duration: 1ms } }
`;

describe.each(databases.each())('a golden path on %s', id => {
  let denied: string[];
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;

  beforeEach(async () => {
    denied = [];
    platform = await createTestPlatform({
      knex: await databases.init(id),
      files: new Map([['platform.yaml', FILES]]),
      allow: ({ permission }) => ({
        allowed: !denied.includes(permission.name),
        reason: `no ${permission.name}`,
      }),
    });
  });

  afterEach(async () => {
    await platform.stop();
  });

  const run = (goldenPath: string, body: object) =>
    platform.api.post(`/golden-paths/${goldenPath}/runs`).send(body);
  const deploy = (more: object) =>
    run('deploy-app', { environment: 'development', score: SCORE, ...more });

  it('deploys the Score spec with the image and the overrides that it is given', async () => {
    const { body, status } = await deploy({
      score: SCORE.replace(/image: .*/, 'image: .'),
      image: 'registry.example/orders:2.0.0',
      overrideProperties: ['metadata.annotations.team=a'],
      overrides: { containers: { main: { args: ['--slow'] } } },
    });
    expect([status, body.detail]).toEqual([202, undefined]);
    await platform.waitForEnd(body.id);
    const application = await platform.applications.find({
      environment: 'development',
      name: 'orders',
    });
    const revision = await platform.applications.revision({
      applicationId: application!.id,
      number: 1,
    });
    expect(revision!.score).toContain('registry.example/orders:2.0.0');
    expect(revision!.score).toContain('--slow');
    expect(revision!.score).toContain('team: a');
  });

  it('is refused with what does not fit, as a deployment is', async () => {
    const noImage = await deploy({
      score: SCORE.replace(/image: .*/, 'image: .'),
    });
    expect([noImage.status, noImage.body.code]).toEqual([422, 'SCORE_INVALID']);
    const wrong = await deploy({ overrideProperties: ['containers.main'] });
    expect([wrong.status, wrong.body.code]).toEqual([422, 'SCORE_INVALID']);
    expect((await deploy({ image: 3 })).status).toBe(400);
  });

  it('passes a freeze window with a reason, as who may, and the auditor is told', async () => {
    const where = { environment: 'frozen' };
    const refused = await deploy(where);
    expect([refused.status, refused.body.code]).toEqual([
      409,
      'ENVIRONMENT_FROZEN',
    ]);
    const reason = { ...where, overrideFreeze: 'The shop is down' };
    denied = ['innominatus.environment.override'];
    expect((await deploy(reason)).status).toBe(403);
    denied = [];
    expect((await deploy(reason)).status).toBe(202);
    expect(
      platform.audits
        .filter(({ eventId }) => eventId === 'freeze-override')
        .map(({ outcome, meta }) => [outcome, meta]),
    ).toMatchObject([
      ['failure', { reason: 'The shop is down' }],
      ['success', { environment: 'frozen', name: 'orders', isFrozen: true }],
    ]);
  });

  it('waits for those who have to agree to the deployment', async () => {
    const start = () =>
      deploy({ environment: 'guarded' }).set('Idempotency-Key', 'once');
    const waiting = await start();
    expect([waiting.status, waiting.body.code]).toEqual([
      409,
      'DEPLOYMENT_WITHOUT_RUN',
    ]);
    expect(waiting.body.detail).toContain('was made and waits for approval');
    const { body: list } = await platform.api.get('/deployments');
    expect(list.items).toHaveLength(1);
    const [deployment] = list.items;
    expect(waiting.body.deploymentId).toBe(deployment.id);
    await platform.api
      .post(`/deployments/${deployment.id}/cancel`)
      .send({})
      .expect(200);
    const over = await start();
    expect(over.body.detail).toContain('ended as cancelled before its run');
  });

  it('takes nothing that would have no effect', async () => {
    const greeting = await run('greet', { overrideFreeze: 'Now' });
    expect([greeting.status, greeting.body.detail]).toEqual([
      400,
      'The golden path "greet" works on no workload. Leave "overrideFreeze" out.',
    ]);
    const removal = await run('undeploy-app', {
      ...{ environment: 'development', score: SCORE },
      overrides: { metadata: {} },
    });
    expect([removal.status, removal.body.detail]).toEqual([
      400,
      'The golden path "undeploy-app" takes a workload away as it is. Leave "overrides" out.',
    ]);
    const { body } = await platform.api.get('/golden-paths/undeploy-app');
    expect(body).toMatchObject({
      needsApplication: true,
      removesApplication: true,
    });
  });
});
