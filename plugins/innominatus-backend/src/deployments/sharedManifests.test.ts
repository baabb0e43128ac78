import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createMockDirectory } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { sendSignal } from '../engine';
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
  steps:
    - { name: provision, type: resource-provisioning }
    - { name: render, type: render-manifests, dependsOn: [provision] }
    - { name: write, type: write-manifests, dependsOn: [render] }
    - name: prune
      type: resource-provisioning
      dependsOn: [write]
      config: { operation: delete }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: undeploy-app, version: 1.0.0 }
spec:
  parameters:
    slowly: { type: bool, default: false }
  steps:
    - { name: render, type: render-manifests }
    - name: look
      type: approval
      dependsOn: [render]
      if: params.slowly
    - name: write
      type: write-manifests
      dependsOn: [look]
      config: { operation: delete }
    - name: deprovision
      type: resource-provisioning
      dependsOn: [write]
      config: { operation: delete }
---
apiVersion: innominatus.dev/v1
kind: Provider
metadata: { name: cluster, version: 1.0.0 }
spec:
  resourceTypes:
    - type: volume
      outputs: [{ name: source }]
      values:
        source: { persistentVolumeClaim: { claimName: '\${resource.slug}' } }
      manifests:
        - apiVersion: v1
          kind: PersistentVolumeClaim
          metadata: { name: '\${resource.slug}' }
          spec: { accessModes: [ReadWriteMany] }
`;

const scoreOf = (name: string, resources = true) => `
apiVersion: score.dev/v1b1
metadata: { name: ${name} }
containers:
  main:
    image: 'registry.example/${name}:1'
${
  resources
    ? `    volumes: { /data: { source: '\${resources.data}' } }
resources:
  data: { type: volume, id: pictures }`
    : ''
}
`;

describe.each(databases.each())('objects of shared resources on %s', id => {
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
  });

  afterEach(async () => {
    await test.stop();
  });

  const deploy = async (name: string, score = scoreOf(name)) => {
    const { run } = await test.deploy(`development/${name}`, { score });
    expect(run.failure).toBeUndefined();
    expect(run.status).toBe('succeeded');
  };
  const end = async (name: string) => {
    const { run } = await test.deploy(`development/${name}`, {
      action: 'delete',
      goldenPath: 'undeploy-app',
    });
    expect(run.failure).toBeUndefined();
  };
  const plan = async (name: string, body: object) =>
    (
      await test.api.post(`/applications/development/${name}/plans`).send(body)
    ).body.manifests.map(
      (item: { action: string; kind: string }) => `${item.action} ${item.kind}`,
    );
  /** Applications whose folder holds the claim. */
  const claims = () =>
    ['shop', 'album', 'zoo'].filter(name => {
      const place = folder.resolve(`out/development/${name}`);
      return (
        existsSync(place) &&
        readdirSync(place).some(file => file.startsWith('persistentvolume'))
      );
    });
  const owner = async () => {
    const [record] = (await test.api.get('/resources')).body.items;
    return record?.workload;
  };

  it('delivers them once, with who asked first, and shows the others their outputs', async () => {
    await deploy('shop');
    expect(
      await plan('album', { action: 'deploy', score: scoreOf('album') }),
    ).toEqual(['create Deployment']);
    await deploy('album');
    await deploy('shop');
    expect(claims()).toEqual(['shop']);
    const [file] = readdirSync(folder.resolve('out/development/album'));
    expect(
      readFileSync(folder.resolve(`out/development/album/${file}`), 'utf8'),
    ).toContain('claimName:');
  });

  it('never takes away what others use, and hands it over to the next', async () => {
    await deploy('shop');
    await deploy('zoo');
    await deploy('album');
    expect(await plan('shop', { action: 'delete' })).toEqual([
      'delete Deployment',
    ]);
    await end('shop');
    // It stays where it is until the next one delivers it.
    expect([claims(), await owner()]).toEqual([['shop'], 'zoo']);
    expect(
      await plan('zoo', { action: 'deploy', score: scoreOf('zoo') }),
    ).toContain('keep PersistentVolumeClaim');
    await deploy('zoo');
    await deploy('album');
    expect(claims()).toEqual(['shop', 'zoo']);
    await end('album');
    expect(claims()).toEqual(['shop', 'zoo']);
    await end('zoo');
    expect([claims(), await owner()]).toEqual([['shop'], undefined]);
  });

  it('stays when the one that delivers it does not ask for it any more', async () => {
    await deploy('shop');
    await deploy('album');
    const without = scoreOf('shop', false);
    expect(await plan('shop', { action: 'deploy', score: without })).toEqual([
      'update Deployment',
    ]);
    await deploy('shop', without);
    expect([claims(), await owner()]).toEqual([['shop'], 'album']);
    await deploy('album');
    await end('album');
    expect(claims()).toEqual(['shop']);
  });

  it('are brought by an application that comes while the one that brought them goes', async () => {
    await deploy('shop');
    const { body } = await test.api
      .post('/applications/development/shop/deployments')
      .send({
        action: 'delete',
        goldenPath: 'undeploy-app',
        parameters: { slowly: true },
      });
    while ((await test.runs.get(body.runId)).status !== 'waiting') {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    await deploy('album');
    expect(claims()).toEqual(['shop', 'album']);
    await sendSignal(knex, body.runId, {
      id: 'yes',
      kind: 'approve',
      step: 'look',
      by: 'user:default/joe',
    });
    await test.waitForEnd(body.runId);
    expect([claims(), await owner()]).toEqual([['album'], 'album']);
  });
});
