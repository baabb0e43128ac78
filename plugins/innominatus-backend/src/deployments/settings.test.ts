import { Knex } from 'knex';
import { PLATFORM } from '../__testUtils__/platformFiles';
import { createTestPlatform } from '../__testUtils__/TestPlatform';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(240_000);

const databases = createTestDatabases();

const careful = (parameters: string) => `---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: careful, version: 1.0.0 }
spec:
  parameters:
${parameters}
  steps:
    - { name: provision, type: resource-provisioning }
`;
const CAREFUL = careful(`    speed: { type: string, default: usual }
    note: { type: string, default: none }`);

const scoreOf = (version: string) => `apiVersion: score.dev/v1b1
metadata: { name: orders }
containers: { main: { image: 'registry.example/orders:${version}' } }
`;

describe.each(databases.each())('how it is deployed again on %s', id => {
  let knex: Knex;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;
  const files = new Map<string, string>();

  const use = async (text: string) => {
    files.set('platform.yaml', text);
    await platform.registry.refresh();
  };
  const plan = async (body: object) => {
    const answer = await platform.api
      .post('/applications/development/orders/plans')
      .send(body);
    expect([answer.status, answer.body.detail]).toEqual([201, undefined]);
    const { goldenPath, parameters, warnings } = answer.body;
    return {
      goldenPath: goldenPath.name,
      parameters,
      warnings: warnings.map(({ code }: { code: string }) => code),
    };
  };
  const deploy = async (body: object) => {
    const { deployment, run } = await platform.deploy(
      'development/orders',
      body,
    );
    expect(deployment.status).toBe('succeeded');
    const { body: application } = await platform.api.get(
      '/applications/development/orders',
    );
    return `${application.version} ${run.goldenPath}`;
  };

  beforeEach(async () => {
    knex = await databases.init(id);
    files.set('platform.yaml', `${PLATFORM}${CAREFUL}`);
    platform = await createTestPlatform({ knex, files });
  });
  afterEach(() => platform.stop());

  it('keeps the golden path and the parameters that nobody says otherwise', async () => {
    await deploy({
      score: scoreOf('1'),
      goldenPath: 'careful',
      parameters: { speed: 'slow' },
    });
    expect(await plan({ score: scoreOf('2') })).toEqual({
      goldenPath: 'careful',
      parameters: { speed: 'slow', note: 'none' },
      warnings: [],
    });
    expect(await plan({ parameters: { note: 'mine' } })).toMatchObject({
      goldenPath: 'careful',
      parameters: { speed: 'slow', note: 'mine' },
    });
    expect(await plan({ goldenPath: 'careful' })).toMatchObject({
      parameters: { speed: 'usual', note: 'none' },
    });
    expect(await plan({ goldenPath: 'deploy-app' })).toMatchObject({
      goldenPath: 'deploy-app',
      parameters: {},
    });
    expect(await plan({ action: 'delete' })).toMatchObject({
      goldenPath: 'undeploy-app',
    });
    await deploy({ score: scoreOf('2') });
    expect(await plan({})).toMatchObject({
      goldenPath: 'careful',
      parameters: { speed: 'slow' },
    });
    await use(
      `${PLATFORM}${careful('    note: { type: string, default: x }')}`,
    );
    expect(await plan({})).toEqual({
      goldenPath: 'careful',
      parameters: { note: 'x' },
      warnings: ['PARAMETER_GONE'],
    });
    await use(PLATFORM);
    expect(await plan({})).toEqual({
      goldenPath: 'deploy-app',
      parameters: {},
      warnings: ['GOLDEN_PATH_GONE'],
    });
  });

  it('goes back to what ran before, as it was deployed', async () => {
    const slowly = { goldenPath: 'careful', parameters: { speed: 'slow' } };
    await deploy({ score: scoreOf('1'), ...slowly });
    expect(
      await platform.api
        .post('/applications/development/orders/plans')
        .send({ action: 'rollback' }),
    ).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('before deployment 1') },
    });
    // Nothing but the golden path is another one.
    await deploy({ goldenPath: 'deploy-app' });
    await deploy({ goldenPath: 'deploy-app' });
    const before = {
      goldenPath: 'careful',
      parameters: { speed: 'slow', note: 'none' },
      warnings: [],
    };
    expect(await plan({ action: 'rollback' })).toEqual(before);

    // What was withdrawn never ran.
    await use(
      files
        .get('platform.yaml')!
        .replace(
          'spec: { type: development }',
          'spec: { type: development, rules: { approval: {} } }',
        ),
    );
    const { body: waiting } = await platform.api
      .post('/applications/development/orders/deployments')
      .send({ score: scoreOf('2') });
    await platform.api.post(`/deployments/${waiting.id}/cancel`).send({});
    await use(`${PLATFORM}${CAREFUL}`);
    expect(await plan({ action: 'rollback' })).toEqual(before);
    expect(
      await plan({ action: 'rollback', target: { revision: 2 } }),
    ).toMatchObject({ warnings: ['TARGET_DID_NOT_SUCCEED'] });

    expect(await deploy({ score: scoreOf('3') })).toBe(
      'registry.example/orders:3 deploy-app',
    );
    expect(await deploy({ action: 'rollback' })).toBe(
      'registry.example/orders:1 deploy-app',
    );
    expect(await deploy({ action: 'rollback' })).toBe(
      'registry.example/orders:3 deploy-app',
    );
    expect(
      await plan({ action: 'rollback', target: { deployment: 1 } }),
    ).toEqual(before);
    await deploy({ action: 'deprovision' });
    expect(await deploy({ action: 'rollback' })).toBe(
      'registry.example/orders:3 deploy-app',
    );
  });
});
