import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  ProviderContext,
  createProvider,
  innominatusProvidersExtensionPoint,
} from '@innominatus/backstage-plugin-innominatus-node';
import { TestApi, startTestApi } from '../__testUtils__/startTestApi';
import { ENTITIES, createPlatformDirectory } from '../__testUtils__/teams';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const locations = createPlatformDirectory();

const SCORE = `apiVersion: score.dev/v1b1
metadata: { name: reports }
containers:
  main:
    image: nginx:1.27
    variables: { TOKEN: '\${resources.events.token}' }
resources:
  events:
    type: message-queue
    params: { retention: 1d }
`;

describe('a provider in code', () => {
  const calls: Array<[string, ProviderContext['params'], string]> = [];
  let api: TestApi;

  const record =
    (operation: string) =>
    async ({ params, resource, log, redact }: ProviderContext) => {
      calls.push([operation, params, resource.name]);
      // Known to be secret only once it is answered, or said to be.
      redact('s3cr3t-token');
      log.info(`Working on ${resource.slug} with s3cr3t-token`);
      return { url: `https://queues/${resource.name}`, token: 's3cr3t-token' };
    };

  const provider = createProvider({
    name: 'queues',
    version: '1.2.0',
    owner: 'group:default/platform-team',
    resourceTypes: [
      {
        type: 'queue',
        aliases: ['message-queue'],
        parameters: {
          type: 'object',
          additionalProperties: false,
          properties: {
            retention: { type: 'string' },
            size: { type: 'integer', default: 3 },
          },
        },
        outputs: [
          { name: 'url', schema: { type: 'string' } },
          { name: 'token', sensitive: true },
        ],
        hints: [{ type: 'url', label: 'Queue', value: '${outputs.url}' }],
        create: record('create'),
        delete: async context => {
          await record('delete')(context);
        },
        read: record('read'),
      },
    ],
  });

  beforeAll(async () => {
    api = await startTestApi({
      knex: await databases.initEmpty('SQLITE_3'),
      locations,
      entities: ENTITIES,
      features: [
        createBackendModule({
          pluginId: 'innominatus',
          moduleId: 'queues',
          register(reg) {
            reg.registerInit({
              deps: { providers: innominatusProvidersExtensionPoint },
              async init({ providers }) {
                providers.addProvider(provider);
              },
            });
          },
        }),
      ],
    });
  });

  const deploy = async (score: string) => {
    const { body } = await api
      .user('admin')
      .post('/applications/development/reports/deployments', {
        action: 'deploy',
        score,
      })
      .expect(202);
    return api.waitForDeployment(body.id);
  };

  it('is listed like one in files', async () => {
    const { body } = await api.user('jane').get('/providers/queues');
    expect(body).toMatchObject({
      version: '1.2.0',
      state: 'active',
      problems: [],
      resourceTypes: [
        {
          type: 'queue',
          operations: ['create', 'update', 'delete', 'read'],
          workflows: { create: 'queues-queue-create' },
        },
      ],
    });
  });

  it('makes, changes and deletes resources', async () => {
    expect((await deploy(SCORE)).status).toBe('succeeded');
    expect(calls).toEqual([['create', { retention: '1d', size: 3 }, 'events']]);
    const { body } = await api
      .user('admin')
      .get('/resources?filter[workload]=reports');
    expect(body.items[0]).toMatchObject({
      state: 'active',
      provider: { name: 'queues', version: '1.2.0' },
      hints: [{ value: 'https://queues/events' }],
    });
    expect(JSON.stringify(body)).not.toContain('s3cr3t-token');
    await deploy(SCORE.replace('1d', '2d'));
    expect(calls[1]).toEqual([
      'create',
      { retention: '2d', size: 3 },
      'events',
    ]);
    await deploy(
      SCORE.replace(/resources:[^]*/, '').replace(/ {4}variables.*\n/, ''),
    );
    expect(calls[2][0]).toBe('delete');
    const runs = await api.user('admin').get('/runs?limit=200');
    for (const run of runs.body.items) {
      const logs = await api.user('admin').get(`/runs/${run.id}/logs`);
      expect(logs.text).not.toContain('s3cr3t-token');
    }
  });

  it('has its params checked at their line of the Score file', async () => {
    const { body, status } = await api
      .user('admin')
      .post('/applications/development/reports/plans', {
        action: 'deploy',
        score: SCORE.replace('retention: 1d', 'retain: 1d'),
      });
    expect(status).toBe(422);
    expect(body.issues[0]).toMatchObject({
      code: 'RESOURCE_PARAMS_INVALID',
      line: 10,
    });
  });
});
