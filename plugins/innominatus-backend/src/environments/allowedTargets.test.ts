import { ConfigReader } from '@backstage/config';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { PLATFORM } from '../__testUtils__/platformFiles';
import { createTestPlatform } from '../__testUtils__/TestPlatform';
import { readAllowedTargets, requireAllowedTarget } from './allowedTargets';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const allowedTargets = readAllowedTargets(
  new ConfigReader({
    innominatus: {
      environments: {
        allowedTargets: [
          { type: 'simulate' },
          {
            type: 'kubernetes',
            cluster: 'sandbox',
            namespace: 'try-*',
            environmentTypes: ['testing'],
          },
        ],
      },
    },
  }),
);

it('without the key any target may be chosen', () => {
  expect(readAllowedTargets(new ConfigReader({}))).toBeUndefined();
});

describe('a path below a beginning that is allowed', () => {
  const allowed = [{ type: 'git', settings: { path: 'previews/*' } }];
  const choose = (path: string) => () =>
    requireAllowedTarget(
      {
        name: 'qa',
        type: 'testing',
        order: 1,
        target: {
          type: 'git',
          repository: 'https://git.example/deployments',
          branch: 'main',
          path,
        },
      },
      allowed,
    );

  it.each(['previews/qa', 'previews/qa..1'])('may be chosen: %s', path => {
    expect(choose(path)).not.toThrow();
  });

  it.each([
    'previews/../production',
    'previews/./../production',
    'previews/%2e%2E/production',
    'previews\\..\\production',
  ])('may not leave it again: %s', path => {
    expect(choose(path)).toThrow(/may not use this target/);
  });
});

describe.each(databases.each())('targets of environments on %s', id => {
  let knex: Knex;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;

  beforeEach(async () => {
    knex = await databases.init(id);
    platform = await createTestPlatform({
      knex,
      files: new Map([
        [
          'platform.yaml',
          PLATFORM.replace(
            'spec: { type: development }',
            'spec: { type: development, ephemeral: {} }',
          ),
        ],
      ]),
      allowedTargets,
    });
  });

  afterEach(async () => {
    await platform.stop();
  });

  const kubernetes = {
    type: 'kubernetes',
    cluster: 'sandbox',
    namespace: 'try-qa',
  };
  const create = (body: object) =>
    platform.api.post('/environments').send({ name: 'qa', ...body });

  it('are those that the configuration allows for their type', async () => {
    const refused = [
      { type: 'testing', target: { ...kubernetes, cluster: 'production' } },
      { type: 'testing', target: { ...kubernetes, cluster: undefined } },
      { type: 'testing', target: { ...kubernetes, namespace: 'orders' } },
      { type: 'staging', target: kubernetes },
      { type: 'testing', target: { type: 'folder', path: '/tmp' } },
    ];
    for (const body of refused) {
      const answer = await create(body);
      expect([answer.status, answer.body.code]).toEqual([
        422,
        'ENVIRONMENT_TARGET',
      ]);
    }
    const { body } = await create(refused[0]);
    expect(JSON.stringify(body)).toContain(
      'Allowed are: simulate; kubernetes, cluster \\"sandbox\\", namespace \\"try-*\\".',
    );
    expect(await knex('environments')).toEqual([]);
    const made = await create({ type: 'testing', target: kubernetes });
    expect(made.status).toBe(201);
  });

  it('cannot be changed to others later', async () => {
    expect((await create({ type: 'testing' })).status).toBe(201);
    const put = (body: object) =>
      platform.api.put('/environments/qa').set('If-Match', '*').send(body);
    const refused = await put({
      type: 'testing',
      target: { ...kubernetes, cluster: 'production' },
    });
    expect(refused.body.code).toBe('ENVIRONMENT_TARGET');
    expect((await put({ type: 'testing', target: kubernetes })).status).toBe(
      200,
    );
    // Nor can its type be changed to one that the target is not for.
    expect((await put({ type: 'staging', target: kubernetes })).status).toBe(
      422,
    );
  });

  it('hold for a copy as soon as it is changed into something of its own', async () => {
    const { body: made, status } = await platform.api
      .post('/environments')
      .send({ ephemeral: { from: 'development', branch: 'main' } });
    expect(status).toBe(201);
    const changed = await platform.api
      .put(`/environments/${made.name}`)
      .set('If-Match', '*')
      .send({
        type: 'testing',
        target: { ...kubernetes, cluster: 'production' },
      });
    expect(changed.body.code).toBe('ENVIRONMENT_TARGET');
  });
});
