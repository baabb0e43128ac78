import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { PLATFORM } from '../__testUtils__/platformFiles';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(240_000);

const databases = createTestDatabases();

const EXAMPLES = path.resolve(__dirname, '../../../../examples');

const scores = new Map(
  readdirSync(path.join(EXAMPLES, 'boutique'))
    .filter(file => file.endsWith('.yaml'))
    .map(file => [
      path.basename(file, '.yaml'),
      readFileSync(path.join(EXAMPLES, 'boutique', file), 'utf8'),
    ]),
);

/** The shipped simulator, in a hurry, behind the golden path of the tests. */
function platformFiles(): Map<string, string> {
  const folder = path.join(EXAMPLES, 'providers/simulator');
  const [environment, goldenPath] = PLATFORM.split('---\n');
  return new Map([
    ['platform.yaml', [environment, goldenPath].join('---\n')],
    ['staging.yaml', environment.replace('name: development', 'name: staging')],
    ...['provider.yaml', 'workflows.yaml'].map((file): [string, string] => [
      file,
      readFileSync(path.join(folder, file), 'utf8').replace(
        /^( +)delay: \d+s$/gm,
        '$1delay: 1ms',
      ),
    ]),
  ]);
}

describe.each(databases.each())('a shop of eleven workloads on %s', id => {
  let knex: Knex;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;

  beforeAll(async () => {
    knex = await databases.init(id);
    platform = await createTestPlatform({ knex, files: platformFiles() });
  });
  afterAll(() => platform.stop());

  const plan = async (name: string, body: object, where = 'development') => {
    const response = await platform.api
      .post(`/applications/${where}/${name}/plans`)
      .send({ action: 'deploy', ...body });
    expect({
      name,
      status: response.status,
      body: response.body,
    }).toMatchObject({
      status: 201,
    });
    return response.body;
  };

  const deploy = async (name: string, body: object, where = 'development') => {
    const { deployment, run } = await platform.deploy(`${where}/${name}`, body);
    expect({ name, failure: run.failure }).toEqual({ name });
    expect(deployment.status).toBe('succeeded');
  };

  /** Living resources that several workloads share. */
  const shared = async (where = 'development') => {
    const { body } = await platform.api.get(
      `/resources?limit=200&filter[environment]=${where}`,
    );
    return (body.items as Array<{ uid: string; state: string }>)
      .filter(({ uid }) => uid.endsWith('#boutique'))
      .map(({ uid, state }) => `${uid} ${state}`)
      .sort();
  };

  it('is planned, deployed, changed, rolled back, promoted and deleted', async () => {
    expect(scores.size).toBe(11);
    for (const [name, score] of scores) {
      const planned = await plan(name, { score });
      expect(planned.summary.delete).toBe(0);
      await deploy(name, { action: 'deploy', score, planHash: planned.hash });
    }
    expect(await shared()).toEqual([
      'amqp.default#boutique active',
      'postgres.default#boutique active',
      'redis.default#boutique active',
    ]);
    const { body: apps } = await platform.api.get('/applications?limit=50');
    expect(apps.items).toHaveLength(11);

    // Again: nothing is to be done anywhere.
    for (const [name, score] of scores) {
      const again = await plan(name, { score });
      expect(again.summary).toMatchObject({ create: 0, update: 0, delete: 0 });
      expect(
        again.manifests.filter(
          ({ action }: { action: string }) => action !== 'keep',
        ),
      ).toEqual([]);
    }

    // The shared database has one password, whoever asks for it.
    const catalog = await plan('catalog', { score: scores.get('catalog') });
    expect(JSON.stringify(catalog.manifests)).not.toMatch(/pg-[0-9a-f]{8}/);

    // Both state the version of their database: it changes where it belongs to,
    // and the other one follows.
    const newer = (name: string) =>
      scores.get(name)!.replace("version: '17'", "version: '18'");
    const early = await platform.api
      .post('/applications/development/recommendation/plans')
      .send({ action: 'deploy', score: newer('recommendation') });
    expect(early.body.issues).toMatchObject([
      {
        code: 'RESOURCE_SHARED_CONFLICT',
        message: expect.stringMatching(/"catalog" with "version" "17".*"18"/),
      },
    ]);
    const upgrade = await plan('catalog', { score: newer('catalog') });
    expect(upgrade.resources).toMatchObject([
      {
        action: 'update',
        changes: [{ path: 'version', before: '17', after: '18' }],
      },
    ]);
    expect(upgrade.warnings).toMatchObject([
      {
        code: 'SHARED_RESOURCE_CHANGED',
        message: expect.stringContaining('"recommendation" still say'),
      },
    ]);
    await deploy('catalog', {
      score: newer('catalog'),
      planHash: upgrade.hash,
    });
    const late = await platform.api
      .post('/applications/development/recommendation/plans')
      .send({ action: 'deploy' });
    expect(late.body.issues).toMatchObject([
      { code: 'RESOURCE_SHARED_CONFLICT' },
    ]);
    const followed = { score: newer('recommendation') };
    expect((await plan('recommendation', followed)).summary).toMatchObject({
      create: 0,
      update: 0,
    });
    await deploy('recommendation', followed);

    const changed = scores
      .get('frontend')!
      .replace('frontend:1.0.0', 'frontend:1.1.0');
    const change = await plan('frontend', { score: changed });
    expect(
      change.manifests
        .filter(({ action }: { action: string }) => action === 'update')
        .map(({ kind }: { kind: string }) => kind),
    ).toEqual(['Deployment']);
    await deploy('frontend', {
      action: 'deploy',
      score: changed,
      planHash: change.hash,
    });
    const version = async () =>
      (await platform.api.get('/applications/development/frontend')).body
        .version;
    expect(await version()).toBe('registry.example/boutique/frontend:1.1.0');
    await deploy('frontend', { action: 'rollback', target: { revision: 1 } });
    expect(await version()).toBe('registry.example/boutique/frontend:1.0.0');

    const inDevelopment = await shared();
    for (const name of scores.keys()) {
      const request = { action: 'promote', from: 'development' };
      const { hash } = await plan(name, request, 'staging');
      await deploy(name, { ...request, planHash: hash }, 'staging');
    }
    expect(await shared('staging')).toEqual(inDevelopment);
    const versions = async (where: string) =>
      (
        await platform.api.get(
          `/applications?limit=50&filter[environment]=${where}`,
        )
      ).body.items
        .map((app: { name: string; version: string }) => app.version)
        .sort();
    expect(await versions('staging')).toEqual(await versions('development'));
    for (const name of [...scores.keys()].reverse()) {
      await deploy(name, { action: 'delete' }, 'staging');
    }
    expect(
      (await shared('staging')).filter(text => text.endsWith(' active')),
    ).toEqual([]);
    expect(await shared()).toEqual(inDevelopment);

    // What is shared stays until the last one that uses it is gone.
    const order = [...scores.keys()].reverse();
    for (const name of order) {
      await deploy(name, { action: 'delete' });
      const left = order.slice(order.indexOf(name) + 1);
      const needed = [
        { type: 'amqp', users: ['checkout', 'email'] },
        { type: 'postgres', users: ['catalog', 'recommendation'] },
        { type: 'redis', users: ['cart', 'currency'] },
      ].filter(({ users }) => users.some(user => left.includes(user)));
      expect((await shared()).filter(text => text.endsWith(' active'))).toEqual(
        needed.map(({ type }) => `${type}.default#boutique active`),
      );
    }
    const { body: gone } = await platform.api.get('/applications?limit=50');
    expect(gone.items).toEqual([]);
  });
});
