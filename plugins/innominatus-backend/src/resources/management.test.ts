import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const scoreWith = (resources: string) => `apiVersion: score.dev/v1b1
metadata: { name: orders }
containers:
  main: { image: nginx:1.27 }
resources:
${resources}
`;

const MADE = '  made: { type: bucket }';
const ASKED = '  asked: { type: zone }';
const THERE = '  there: { type: archive }';

const workflow = (name: string, config: string) => `---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: ${name} }
spec:
  steps:
    - { name: work, type: simulate, config: { ${config} } }
  outputs: { url: https://it.example }
`;

/** Everything is as its operations show, unless more is said. */
const platformFile = (more = '') => `apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: development }
spec: { type: development }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: deploy-app, version: 1.0.0 }
spec:
  steps:
    - { name: provision, type: resource-provisioning }
    - name: prune
      type: resource-provisioning
      config: { operation: delete }
---
apiVersion: innominatus.dev/v1
kind: Provider
metadata: { name: desk, version: 1.0.0 }
spec:
  resourceTypes:
    - type: bucket
      ${more}
      outputs: [{ name: url }]
      operations: { create: { workflow: make } }
    - type: zone
      outputs: [{ name: url }]
      operations: { create: { workflow: ask } }
    - type: archive
      outputs: [{ name: url }]
      values: { url: https://archive.example }
${workflow('make', 'duration: 1ms')}${workflow('ask', 'outside: { for: 200ms, message: The team works on it. }')}`;

describe.each(databases.each())('management of resources on %s', id => {
  let knex: Knex;
  let files: Map<string, string>;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;

  beforeEach(async () => {
    knex = await databases.init(id);
    files = new Map([['platform.yaml', platformFile()]]);
    platform = await createTestPlatform({ knex, files });
  });

  afterEach(async () => {
    await platform.stop();
  });

  const deploy = (...resources: string[]) =>
    platform.deploy('development/orders', {
      action: 'deploy',
      score: scoreWith(resources.join('\n')),
    });

  const plan = async (...resources: string[]) => {
    const { body } = await platform.api
      .post('/applications/development/orders/plans')
      .send({ action: 'deploy', score: scoreWith(resources.join('\n')) })
      .expect(201);
    return body;
  };

  const byName = (items: Array<{ name: string; management: string }>) =>
    Object.fromEntries(items.map(item => [item.name, item.management]));

  const list = async (query = '') => {
    const { body } = await platform.api.get(`/resources${query}`).expect(200);
    return byName(body.items);
  };

  const ALL = { made: 'native', asked: 'delegated', there: 'external' };

  it('is in the plan, in the list and with each resource', async () => {
    const { resources } = await plan(MADE, ASKED, THERE);
    expect(byName(resources)).toEqual(ALL);
    const { run } = await deploy(MADE, ASKED, THERE);
    expect(run.failure).toBeUndefined();
    await expect(list()).resolves.toEqual(ALL);
    const { body } = await platform.api.get('/resources?filter[name]=there');
    const { body: one } = await platform.api
      .get(`/resources/${body.items[0].id}`)
      .expect(200);
    expect(one.management).toBe('external');
    const { body: few } = await platform.api
      .get('/resources?fields=name,management')
      .expect(200);
    expect(few.items[0]).toEqual({
      name: expect.any(String),
      management: expect.any(String),
    });
  });

  it('narrows the list, and refuses a word that is none', async () => {
    await deploy(MADE, ASKED, THERE);
    await expect(list('?filter[management]=delegated')).resolves.toEqual({
      asked: 'delegated',
    });
    await expect(list('?filter[management]=native,external')).resolves.toEqual({
      made: 'native',
      there: 'external',
    });
    const { body } = await platform.api
      .get('/resources?filter[management]=magic')
      .expect(400);
    expect(body.detail).toContain('native');
  });

  it('is said of each resource type of a provider', async () => {
    const { body } = await platform.api.get('/providers/desk').expect(200);
    expect(
      body.resourceTypes.map((one: { type: string; management: string }) => [
        one.type,
        one.management,
      ]),
    ).toEqual([
      ['bucket', 'native'],
      ['zone', 'delegated'],
      ['archive', 'external'],
    ]);
  });

  it('follows the provider with the next deployment, also of what stays', async () => {
    await deploy(MADE);
    files.set('platform.yaml', platformFile('management: delegated'));
    await platform.registry.refresh();
    await expect(list()).resolves.toEqual({ made: 'native' });
    const { resources } = await plan(MADE);
    expect(resources).toMatchObject([
      { action: 'keep', management: 'delegated' },
    ]);
    await deploy(MADE);
    await expect(list()).resolves.toEqual({ made: 'delegated' });
  });

  it('is doubted beside a provider that stays in use', async () => {
    files.set('platform.yaml', platformFile('management: delegated'));
    await platform.registry.refresh();
    const { body } = await platform.api.get('/providers/desk').expect(200);
    expect(body).toMatchObject({
      state: 'active',
      problems: [
        {
          severity: 'warning',
          code: 'PROVIDER_MANAGEMENT_DOUBTFUL',
          file: 'platform.yaml',
          line: 22,
        },
      ],
    });
  });

  it('that is contradicted leaves the last good version in use', async () => {
    files.set('platform.yaml', platformFile('management: external'));
    await platform.registry.refresh();
    const { body } = await platform.api.get('/providers/desk').expect(200);
    expect(body).toMatchObject({
      state: 'lastGood',
      problems: [
        {
          severity: 'error',
          code: 'PROVIDER_MANAGEMENT_CONTRADICTED',
          file: 'platform.yaml',
          line: 22,
        },
      ],
    });
  });

  it('lets what was there already go without a word about lost data', async () => {
    await deploy(MADE, ASKED, THERE);
    const { body } = await platform.api.get('/resources?filter[name]=there');
    const [there] = body.items;
    const { warnings } = await plan(ASKED);
    expect(
      warnings.map((one: { code: string; resource?: string }) => [
        one.code,
        one.resource,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['DATA_DESTROYED', 'made'],
        ['RESOURCE_STAYS', 'there'],
      ]),
    );
    await deploy(ASKED);
    const transitions = await platform.resources.transitions(there.id);
    expect(transitions.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining([
        'Referred to; it was there already',
        'Forgotten; it stays where it is',
      ]),
    );
  });
});
