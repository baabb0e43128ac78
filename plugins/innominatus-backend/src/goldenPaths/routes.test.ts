import { Entity } from '@backstage/catalog-model';
import { ANNOTATION_WORKLOAD } from '@innominatus/backstage-plugin-innominatus-common';
import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { AccessQuestion } from '../access/types';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const PLATFORM = `apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: development }
spec:
  type: development
  order: 10
  target: { type: folder, path: delivered }
---
apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: production }
spec: { type: production, order: 20 }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: deploy-app, category: deployment }
spec:
  steps:
    - { name: provision, type: resource-provisioning }
    - { name: render, type: render-manifests }
    - { name: write, type: write-manifests }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: undeploy-app, category: deployment }
spec:
  steps:
    - { name: remove, type: resource-provisioning, config: { operation: delete } }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: backup, category: database }
spec:
  parameters:
    copies: { type: int, min: 1, max: 3, default: 1 }
    database: { type: string, required: true }
  steps:
    - name: backup
      type: simulate
      config: { messages: ['\${params.copies} of \${params.database}'] }
---
apiVersion: innominatus.dev/v1
kind: Provider
metadata: { name: platform, version: 1.0.0 }
spec:
  resourceTypes:
    - type: dns
      outputs: [{ name: host }]
      values: { host: '\${resource.name}.example' }
      manifests:
        - apiVersion: v1
          kind: ConfigMap
          metadata: { name: '\${resource.slug}' }
          data: { host: '\${outputs.host}' }
`;

const SCORE = `apiVersion: score.dev/v1b1
metadata:
  name: orders
containers:
  main:
    image: registry.example/orders:1.0.0
    variables:
      HOST: \${resources.dns.host}
resources:
  dns:
    type: dns
`;

function component(name: string, owner: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      annotations: { [ANNOTATION_WORKLOAD]: 'orders' },
    },
    spec: { owner, score: parse(SCORE) },
  };
}

describe.each(databases.each())('routes on %s', id => {
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;
  let folder: string;
  let definitions: Map<string, string>;
  let denied: (question: AccessQuestion) => boolean;

  beforeEach(async () => {
    denied = () => false;
    definitions = new Map([['platform.yaml', PLATFORM]]);
    folder = await mkdtemp(path.join(tmpdir(), 'innominatus-delivered-'));
    platform = await createTestPlatform({
      knex: await databases.init(id),
      files: definitions,
      entities: [
        component('orders', 'group:default/team-a'),
        component('orders-copy', 'team-b'),
      ],
      manifestRoots: [folder],
      allow: question =>
        denied(question)
          ? { allowed: false, reason: 'No.' }
          : { allowed: true },
    });
  });

  afterEach(async () => {
    await platform.stop();
  });

  it('lists environments, providers and golden paths with what the caller may do', async () => {
    denied = ({ permission, subject }) =>
      permission.name === 'innominatus.goldenPath.run' &&
      subject?.category === 'database';
    const environments = await platform.api.get('/environments?limit=1');
    expect(
      environments.body.items.map((item: { name: string }) => item.name),
    ).toEqual(['development']);
    const next = await platform.api.get(
      `/environments?limit=1&cursor=${environments.body.nextCursor}`,
    );
    expect(next.body.items[0].name).toBe('production');
    expect(next.body.nextCursor).toBeUndefined();

    const paths = await platform.api.get('/golden-paths?count=true');
    expect(
      paths.body.items.map(
        (item: {
          name: string;
          needsApplication: boolean;
          allowedActions: { run: { allowed: boolean } };
        }) => [
          item.name,
          item.needsApplication,
          item.allowedActions.run.allowed,
        ],
      ),
    ).toEqual([
      ['backup', false, false],
      ['deploy-app', true, true],
      ['undeploy-app', true, true],
    ]);
    expect(paths.body.total).toBe(3);
    const unknown = await platform.api.get('/golden-paths/deploy-ap');
    expect(unknown.status).toBe(404);
    expect(unknown.body.code).toBe('NOT_FOUND');
    const provider = await platform.api.get('/providers/platform');
    expect(provider.body.resourceTypes[0]).toMatchObject({
      type: 'dns',
      operations: ['create', 'update'],
    });
    const wrong = await platform.api.get('/environments?filter[nam]=x');
    expect(wrong.status).toBe(400);
    expect(wrong.body.detail).toContain('"filter[name]"');
  });

  it('lists broken golden paths with their places and what is in use', async () => {
    definitions.set(
      'platform.yaml',
      PLATFORM.replace('min: 1, max: 3', 'minn: 1, max: 3'),
    );
    definitions.set(
      'fresh.yaml',
      'apiVersion: innominatus.dev/v1\nkind: GoldenPath\nmetadata: { name: fresh }\nspec: { steps: [}\n',
    );
    definitions.set('unreadable.yaml', 'kind: [');
    await platform.registry.refresh();

    const { body } = await platform.api.get('/golden-paths');
    const states = body.items.map(
      (item: { name: string; state: string; problems: object[] }) =>
        `${item.name} ${item.state} ${item.problems.length > 0}`,
    );
    expect(states).toEqual([
      'backup lastGood true',
      'deploy-app active false',
      'fresh refused true',
      'undeploy-app active false',
      'unreadable refused true',
    ]);
    const backup = await platform.api.get('/golden-paths/backup');
    expect(backup.body).toMatchObject({
      parameters: [{ name: 'copies', min: 1 }, { name: 'database' }],
      problems: [{ file: 'platform.yaml', line: 35 }],
      allowedActions: { run: { allowed: true } },
    });
    const fresh = await platform.api.get('/golden-paths/fresh');
    expect(fresh.body).toMatchObject({
      source: 'fresh.yaml',
      problems: expect.arrayContaining([
        expect.objectContaining({ file: 'fresh.yaml', line: 4, column: 17 }),
      ]),
      allowedActions: { run: { allowed: false } },
    });
    // Files that nobody can read are shown to whoever misses a provider too.
    const { body: providers } = await platform.api.get('/providers');
    expect(
      providers.items.map((item: { name: string; state: string }) => [
        item.name,
        item.state,
      ]),
    ).toEqual([
      ['platform', 'active'],
      ['unreadable', 'refused'],
    ]);
    const run = await platform.api.post('/golden-paths/fresh/runs').send({});
    expect(run.status).toBe(404);
    expect(run.body.detail).toContain('fresh.yaml:4:17');

    denied = ({ permission, subject }) =>
      permission.name === 'innominatus.goldenPath.read' &&
      subject?.goldenPath === 'fresh';
    expect((await platform.api.get('/golden-paths/fresh')).status).toBe(403);
  });

  it('keeps secret parameters encrypted, and refuses them where they would stay', async () => {
    definitions.set(
      'secret.yaml',
      `apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: with-secret }
spec:
  parameters:
    token: { type: string, secret: true, min: 4 }
  steps:
    - name: use
      type: simulate
      config: { messages: ['The token is \${params.token}'] }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: deploy-with-secret }
spec:
  parameters:
    token: { type: string, secret: true }
  steps:
    - { name: provision, type: resource-provisioning }
`,
    );
    await platform.registry.refresh();
    const started = await platform.api
      .post('/golden-paths/with-secret/runs')
      .send({ parameters: { token: 'not-for-eyes' } });
    expect(started.status).toBe(202);
    const run = await platform.waitForEnd(started.body.id);
    expect(run).toMatchObject({
      status: 'succeeded',
      parameters: { token: { $secretRef: expect.stringContaining(run.id) } },
    });

    const refused = await platform.api.get('/golden-paths/deploy-with-secret');
    expect(refused.body).toMatchObject({
      state: 'refused',
      problems: [{ code: 'PARAMETER_SECRET_OF_WORKLOAD', line: 17 }],
    });
  });

  it('checks the parameters of a golden path and runs it', async () => {
    const wrong = await platform.api
      .post('/golden-paths/backup/runs')
      .send({ parameters: { copies: 9 } });
    expect(wrong.status).toBe(422);
    expect(
      wrong.body.issues.map((item: { pointer: string }) => item.pointer),
    ).toEqual(['/parameters/copies', '/parameters/database']);
    const field = await platform.api
      .post('/golden-paths/backup/runs')
      .send({ parameter: {} });
    expect(field.status).toBe(400);
    expect(field.body.detail).toContain('Did you mean "parameters"?');

    const started = await platform.api
      .post('/golden-paths/backup/runs')
      .set('Idempotency-Key', 'backup-1')
      .send({ parameters: { database: 'orders' } });
    expect(started.status).toBe(202);
    expect(started.headers.location).toBe(`/runs/${started.body.id}`);
    const run = await platform.waitForEnd(started.body.id);
    expect(run).toMatchObject({
      status: 'succeeded',
      goldenPath: 'backup',
      parameters: { copies: 1, database: 'orders' },
    });
  });

  it('deploys a golden path that works on a workload from a catalog entity', async () => {
    const missing = await platform.api
      .post('/golden-paths/deploy-app/runs')
      .send({ entityRef: 'component:default/orders' });
    expect(missing.status).toBe(400);
    expect(missing.body.detail).toContain('"environment"');

    const started = await platform.api
      .post('/golden-paths/deploy-app/runs')
      .send({
        environment: 'development',
        entityRef: 'component:default/orders',
      });
    expect(started.status).toBe(202);
    const run = await platform.waitForEnd(started.body.id);
    expect(run.failure).toBeUndefined();
    expect(run.application).toMatchObject({
      environment: 'development',
      name: 'orders',
      entityRef: 'component:default/orders',
    });
    const delivered = path.join(folder, 'delivered/development/orders');
    const files = (await readdir(delivered)).sort();
    expect(files).toEqual([
      expect.stringMatching(/^configmap-dns-default-orders-dns-.*\.yaml$/),
      'deployment-orders.yaml',
    ]);
    await expect(
      readFile(path.join(delivered, 'deployment-orders.yaml'), 'utf8'),
    ).resolves.toContain('value: dns.example');

    const filtered = await platform.api.get(
      '/applications?filter[entityRef]=component:default/orders&filter[status]=succeeded,running,none,pending',
    );
    expect(filtered.body.items).toEqual([
      expect.objectContaining({
        name: 'orders',
        owner: 'group:default/team-a',
        allowedActions: {
          plan: { allowed: true },
          deploy: { allowed: true },
          delete: { allowed: true },
        },
      }),
    ]);
    const graph = await platform.api.get(
      '/applications/development/orders/graph',
    );
    expect(graph.body.nodes).toContainEqual(
      expect.objectContaining({ id: 'resource:dns', state: 'active' }),
    );
    const revisions = await platform.api.get(
      '/applications/development/orders/revisions',
    );
    expect(revisions.body.items).toHaveLength(1);

    const removed = await platform.api
      .post('/golden-paths/undeploy-app/runs')
      .send({ environment: 'development', score: SCORE });
    const end = await platform.waitForEnd(removed.body.id);
    expect(end.steps.map(step => step.name)).toEqual(['remove-dns']);
    expect(end.status).toBe('succeeded');
  });

  it('refuses to deploy onto the application of another owner', async () => {
    await platform.deploy('development/orders', {
      action: 'deploy',
      entityRef: 'component:default/orders',
    });
    const other = await platform.api
      .post('/applications/development/orders/deployments')
      .send({ action: 'deploy', entityRef: 'component:default/orders-copy' });
    expect(other.status).toBe(409);
    expect(other.body.code).toBe('APPLICATION_OWNED_BY_OTHERS');
    expect(other.body.detail).toContain('group:default/team-a');
    // Without an entity the application keeps the one it has.
    const same = await platform.api
      .post('/applications/development/orders/plans')
      .send({ action: 'deploy', score: SCORE });
    expect(same.status).toBe(201);
  });

  it('asks for the permission with the owner and the environment', async () => {
    const asked: AccessQuestion[] = [];
    denied = question => {
      asked.push(question);
      return question.permission.name === 'innominatus.application.deploy';
    };
    const response = await platform.api
      .post('/applications/production/orders/deployments')
      .send({ action: 'deploy', entityRef: 'component:default/orders' });
    expect(response.status).toBe(403);
    expect(asked[0].subject).toEqual({
      owner: 'group:default/team-a',
      environment: 'production',
      environmentType: 'production',
    });
    const unknown = await platform.api
      .post('/applications/staging/orders/plans')
      .send({ action: 'deploy', score: SCORE });
    expect(unknown.status).toBe(404);
    expect(unknown.body.detail).toBe('There is no environment "staging"');
    denied = ({ permission, subject }) =>
      permission.name === 'innominatus.goldenPath.run' &&
      subject?.goldenPath === 'deploy-app';
    const named = await platform.api
      .post('/applications/development/orders/deployments')
      .send({ action: 'deploy', score: SCORE, goldenPath: 'deploy-app' });
    expect(named.status).toBe(403);
    const early = await platform.api
      .post('/applications/development/nothing/plans')
      .send({ action: 'repair' });
    expect(early.status).toBe(404);
  });

  it('answers about Score texts like the command line', async () => {
    const good = await platform.api
      .post('/score/validate')
      .send({ score: SCORE, file: 'score.yaml' });
    expect(good.body).toEqual({ valid: true, file: 'score.yaml', issues: [] });
    const bad = await platform.api
      .post('/score/validate')
      .send({ score: SCORE.replace('image:', 'imagee:') });
    expect(bad.status).toBe(200);
    expect(bad.body.valid).toBe(false);
    expect(bad.body.issues[0].line).toBe(5);
    const analysis = await platform.api
      .post('/score/analyze')
      .send({ score: SCORE });
    expect(analysis.body).toMatchObject({ workload: 'orders' });
    expect(analysis.body.criticalPath.length).toBeGreaterThan(0);
    const schema = await platform.api.get('/score/schema');
    expect(JSON.parse(schema.text).type).toBe('object');
    const large = await platform.api
      .post('/score/validate')
      .send({ score: 'x'.repeat(3 * 1024 * 1024) });
    expect(large.status).toBe(413);
  });
});
