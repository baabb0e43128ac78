import { innominatusPermissions } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import {
  DeclaredOperation,
  OpenApiContract,
} from '../__testUtils__/OpenApiContract';
import { TestApi, startTestApi } from '../__testUtils__/startTestApi';
import {
  ENTITIES,
  createPlatformDirectory,
  scoreOf,
} from '../__testUtils__/teams';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const locations = createPlatformDirectory();

/** What the auditor is told of each route that changes something. */
const AUDITED: Record<string, string> = {
  deployApplication: 'deployment-start',
  undoDeployment: 'deployment-start',
  cancelDeployment: 'deployment-withdraw',
  acceptApplicationDrift: 'drift-accept',
  runGoldenPath: 'golden-path-run',
  pauseSchedule: 'schedule-pause',
  resumeSchedule: 'schedule-resume',
  triggerSchedule: 'schedule-trigger',
  cancelRun: 'run-cancel',
  retryRun: 'run-retry',
  undoRun: 'run-undo',
  pauseRun: 'run-pause',
  resumeRun: 'run-resume',
  decideApproval: 'approval-decide',
  revealResourceOutput: 'resource-reveal',
  createEnvironment: 'environment-create',
  updateEnvironment: 'environment-update',
  deleteEnvironment: 'environment-delete',
  extendEnvironment: 'environment-extend',
  refreshProviders: 'definitions-refresh',
  receiveLocationWebhook: 'definitions-webhook',
};

/** Why the auditor is told nothing of the others. */
const NOT_AUDITED: Record<string, string> = {
  validateScore: 'answers what is in the body',
  analyzeScore: 'answers what is in the body',
  migrateScore: 'answers what is in the body',
  generateScore: 'answers what is in the body',
  planApplication: 'a plan changes nothing but the list of plans',
  checkApplicationDrift: 'looks at what is there',
  checkResourceHealth: 'looks at what is there',
  testPolicies: 'changes nothing',
  previewProviders: 'changes nothing',
  previewGoldenPaths: 'changes nothing',
  reportResource:
    'nobody is believed before the signature is; what is signed is tried with the reports',
};

const BODIES: Record<string, object> = {
  deployApplication: { score: scoreOf('orders') },
  decideApproval: { decision: 'approve' },
  acceptApplicationDrift: { version: 'x', reason: 'Fine so' },
  revealResourceOutput: { output: 'password', reason: 'Just a look' },
  createEnvironment: { name: 'other', type: 'testing' },
  updateEnvironment: { type: 'testing' },
  extendEnvironment: { by: '1h' },
  retryRun: { previewVersion: 'x', from: 'hello' },
  undoRun: { previewVersion: 'x' },
};

const changing = OpenApiContract.load().operations.filter(
  ({ method }) => method !== 'GET',
);

describe('the auditor', () => {
  let api: TestApi;
  let knex: Knex;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    knex = await databases.initEmpty('SQLITE_3');
    api = await startTestApi({
      knex,
      locations,
      entities: ENTITIES,
      config: { locationWebhook: { secrets: ['a secret for webhooks'] } },
    });
    const admin = api.user('admin');
    const { body: deployment } = await admin
      .post('/applications/development/orders/deployments', {
        score: scoreOf('orders'),
      })
      .expect(202);
    await api.waitForDeployment(deployment.id);
    // So that there is something to take back.
    await knex('deployments')
      .where({ id: deployment.id })
      .update({ status: 'failed' });
    const { body: run } = await admin.post('/golden-paths/ask-two/runs');
    ids.deployments = deployment.id;
    ids.runs = run.id;
    ids.approvals = await api.waitForApproval(run.id);
    const { body: resources } = await admin.get('/resources').expect(200);
    ids.resources = resources.items[0].id;
    await admin
      .post('/environments', { name: 'spare', type: 'testing', ttl: '1d' })
      .expect(201);
  });

  beforeEach(() => {
    api.policy.allowAll();
    api.audits.length = 0;
  });

  const call = ({ method, path, operation }: DeclaredOperation) => {
    const names: Record<string, string> = {
      applications: 'orders',
      environments: 'spare',
      'golden-paths': 'say-hello',
      schedules: 'say-hello',
    };
    const [, kind] = path.split('/');
    const route = path
      .replace('{id}', ids[kind])
      .replace('{environment}', 'development')
      .replace('{name}', names[kind]);
    const jane = api.user('jane');
    const body = BODIES[operation.operationId] ?? {};
    if (operation.security?.length === 0) {
      return api.anonymous.post(route, body);
    }
    if (method === 'PUT') {
      return jane.put(route, body).set('If-Match', '*');
    }
    return method === 'DELETE'
      ? jane.delete(route).set('If-Match', '*')
      : jane.post(route, body);
  };

  it('is told of each route that changes something, or there is a reason', () => {
    expect(
      [...Object.keys(AUDITED), ...Object.keys(NOT_AUDITED)].sort(),
    ).toEqual(changing.map(({ operation }) => operation.operationId).sort());
  });

  const refuse = async (id: string) => {
    api.policy.deny(
      ...innominatusPermissions.filter(
        ({ attributes }) => attributes.action !== 'read',
      ),
    );
    const operation = changing.find(item => item.operation.operationId === id)!;
    const { status } = await call(operation);
    return {
      isRefused: status === 401 || status === 403,
      told: api.audits.map(({ eventId, outcome }) => [eventId, outcome]),
    };
  };

  it.each(Object.entries(AUDITED))(
    'is told once when %s is refused',
    async (id, eventId) => {
      expect(await refuse(id)).toEqual({
        isRefused: true,
        told: [[eventId, 'failure']],
      });
    },
  );

  it.each(Object.keys(NOT_AUDITED))('is not told of %s', async id => {
    expect((await refuse(id)).told).toEqual([]);
  });

  it('is told which run a golden path and a schedule started', async () => {
    const admin = api.user('admin');
    const { body: run } = await admin
      .post('/golden-paths/say-hello/runs', { parameters: { name: 'hush' } })
      .expect(202);
    const { body: repeated } = await admin
      .post('/schedules/say-hello/trigger')
      .expect(202);
    await admin.post('/schedules/say-hello/pause').expect(200);
    await admin.post('/schedules/say-hello/resume').expect(200);
    await admin.post('/providers/refresh').expect(200);
    const schedule = 'say-hello';
    expect(api.audits).toMatchObject(
      [
        ['golden-path-run', { goldenPath: 'say-hello', startedRun: run.id }],
        ['schedule-trigger', { schedule, startedRun: repeated.id }],
        ['schedule-pause', { schedule }],
        ['schedule-resume', { schedule }],
        ['definitions-refresh', {}],
      ].map(([eventId, meta]) => ({
        ...{ eventId, meta, outcome: 'success', severity: 'medium' },
      })),
    );
    expect(JSON.stringify(api.audits)).not.toContain('hush');
  });

  it('is told of a golden path for a workload as of its deployment', async () => {
    const admin = api.user('admin');
    const { body: run } = await admin
      .post('/golden-paths/deploy-app/runs', {
        environment: 'development',
        score: scoreOf('orders'),
      })
      .expect(202);
    expect(run.goldenPath).toBe('deploy-app');
    expect(api.audits).toMatchObject([
      { eventId: 'deployment-start', outcome: 'success' },
    ]);
    api.audits.length = 0;
    api.policy.deny(...innominatusPermissions);
    await admin
      .post('/golden-paths/deploy-app/runs', {
        environment: 'development',
        score: scoreOf('orders'),
      })
      .expect(404);
    expect(api.audits).toMatchObject([
      { eventId: 'golden-path-run', outcome: 'failure' },
    ]);
  });
});
