import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createMockDirectory } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { createTestPlatform } from '../__testUtils__/TestPlatform';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(120_000);

const databases = createTestDatabases();

const PLATFORM = `
apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: development }
spec: { type: development, target: { type: folder, path: out } }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: deploy-app, version: 1.0.0 }
spec:
  parameters:
    place: { type: string, default: out }
  steps:
    - { name: provision, type: resource-provisioning }
    - { name: render, type: render-manifests }
    - name: write
      type: write-manifests
      dependsOn: [render]
      config: { path: '\${params.place}' }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: only-provision, version: 1.0.0 }
spec:
  steps: [{ name: provision, type: resource-provisioning }]
`;

const SCORE = `
apiVersion: score.dev/v1b1
metadata: { name: orders }
containers: { main: { image: 'registry.example/orders:1' } }
service: { ports: { web: { port: 80 } } }
`;

describe.each(databases.each())('drift of manifests on %s', id => {
  const folder = createMockDirectory();
  let knex: Knex;
  let test: Awaited<ReturnType<typeof createTestPlatform>>;

  beforeEach(async () => {
    knex = await databases.init(id);
    folder.clear();
    test = await createTestPlatform({
      knex,
      files: new Map([['platform.yaml', PLATFORM]]),
      manifestRoots: [folder.path],
    });
    const { run } = await test.deploy('development/orders', {
      score: SCORE,
      parameters: { place: 'elsewhere' },
    });
    if (run.status !== 'succeeded') {
      throw new Error(JSON.stringify(run.failure));
    }
    await knex('applications').update({ owner: 'group:default/shop' });
  });

  afterEach(async () => {
    await test.stop();
  });

  const file = (name: string) =>
    folder.resolve(`elsewhere/development/orders/${name}`);
  const edit = (name: string, from: string, to: string) => {
    const text = readFileSync(file(name), 'utf8');
    expect(text).toContain(from);
    writeFileSync(file(name), text.replace(from, to));
  };
  const call = async (path: string, body: object = {}) =>
    test.api.post(`/applications/development/orders/${path}`).send(body);
  const check = async () => {
    const { status, body } = await call('drift/check');
    expect(status).toBe(200);
    return body;
  };
  const dueNow = () => knex('manifest_drift').update({ due_at: 0 });

  it('is found where the step delivered them, and told once', async () => {
    expect(await test.drift.checkDue()).toBe(0);
    await dueNow();
    expect(await test.drift.checkDue()).toBe(1);
    expect((await check()).manifests).toMatchObject({
      status: 'none',
      objects: [],
    });
    edit('deployment-orders.yaml', 'orders:1', 'orders:2');
    rmSync(file('service-orders.yaml'));
    for (let look = 0; look < 2; look += 1) {
      await dueNow();
      await test.drift.checkDue();
    }
    const drift = await check();
    expect(drift).toMatchObject({ status: 'missing', count: 2 });
    const byKind = (kind: string) =>
      drift.manifests.objects.find(
        (item: { kind: string }) => item.kind === kind,
      );
    expect(byKind('Deployment')).toMatchObject({
      kind: 'Deployment',
      status: 'drifted',
      changes: [
        {
          path: 'spec.template.spec.containers.0.image',
          before: 'registry.example/orders:1',
          after: 'registry.example/orders:2',
        },
      ],
      diff: expect.stringContaining('orders:2'),
    });
    expect(byKind('Service')).toMatchObject({ status: 'missing' });
    const { body } = await test.api.get('/applications?filter[name]=orders');
    expect(body.items[0].drift).toEqual({ count: 2 });
    expect(test.events.filter(({ type }) => type === 'drift.found')).toEqual([
      { type: 'drift.found', environment: 'development', name: 'orders' },
    ]);
    expect(test.notifications).toHaveLength(1);
  });

  it('is taken back by a repair, with the parameters of before', async () => {
    edit('deployment-orders.yaml', 'orders:1', 'orders:2');
    rmSync(file('service-orders.yaml'));
    await check();
    const { body: plan } = await call('plans', { action: 'repair' });
    expect(plan.parameters).toEqual({ place: 'elsewhere' });
    expect(
      plan.manifests.map((item: { kind: string; action: string }) => [
        item.kind,
        item.action,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['Deployment', 'update'],
        ['Service', 'create'],
      ]),
    );
    const update = plan.manifests.find(
      (item: { kind: string }) => item.kind === 'Deployment',
    );
    expect(update.diff).toMatch(/-.*orders:2[\s\S]*\+.*orders:1/);
    const { run } = await test.deploy('development/orders', {
      action: 'repair',
      planHash: plan.hash,
    });
    expect(run.status).toBe('succeeded');
    expect(readFileSync(file('deployment-orders.yaml'), 'utf8')).toContain(
      'orders:1',
    );
    expect((await check()).status).toBe('none');
  });

  it('can be accepted until the next deployment', async () => {
    edit('deployment-orders.yaml', 'orders:1', 'orders:2');
    const { manifests } = await check();
    const accepted = await call('drift/accept', {
      version: manifests.version,
      reason: 'A hot fix',
    });
    expect(accepted.body).toMatchObject({
      status: 'none',
      count: 0,
      manifests: {
        accepted: { by: 'user:default/mock', reason: 'A hot fix' },
        objects: [{ kind: 'Deployment' }],
      },
    });
    expect((await check()).count).toBe(0);
    // What is found after it is something else, and told again.
    edit('deployment-orders.yaml', 'orders:2', 'orders:3');
    expect(await check()).toMatchObject({ status: 'drifted', count: 1 });
    expect(test.notifications).toHaveLength(2);
    const late = await call('drift/accept', {
      version: manifests.version,
      reason: 'A hot fix',
    });
    expect(late.body.code).toBe('DRIFT_CHANGED');
    await test.deploy('development/orders', { score: SCORE });
    expect((await check()).manifests.accepted).toBeUndefined();
  });

  it('says what keeps it from being known', async () => {
    writeFileSync(file('deployment-orders.yaml'), 'nonsense: [');
    expect(await check()).toMatchObject({
      status: 'unknown',
      count: 0,
      manifests: {
        message: expect.stringContaining('deployment-orders.yaml'),
      },
    });
  });

  it('says so when nobody knows any more what was delivered', async () => {
    await knex('run_events').delete();
    expect((await check()).manifests.message).toContain(
      'The run of deployment 1 is not kept any more',
    );
  });

  it('is not looked for where nothing was delivered, or nothing is left', async () => {
    await test.deploy('development/orders', {
      score: SCORE,
      goldenPath: 'only-provision',
    });
    expect((await check()).manifests).toBeUndefined();
    await test.deploy('development/orders', { action: 'delete' });
    expect(await knex('manifest_drift').select()).toEqual([]);
  });
});
