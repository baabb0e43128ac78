import { mockCredentials } from '@backstage/backend-test-utils';
import { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { PLATFORM, SCORE } from '../__testUtils__/platformFiles';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const BROKEN = PLATFORM.replace(
  '{ name: drop, type: simulate, config: { duration: 1ms } }',
  '{ name: drop, type: simulate, config: { duration: 1ms, fail: {} } }',
);
/** The rollout fails, and can be undone. */
const FLAKY = PLATFORM.replace(
  "messages: ['rolling out \${app.name}']",
  'fail: {}, undo: {}',
);

describe.each(databases.each())('retry of a deployment on %s', id => {
  let knex: Knex;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;
  let allow: boolean;
  const files = new Map([['platform.yaml', PLATFORM]]);

  beforeEach(async () => {
    allow = true;
    knex = await databases.init(id);
    files.set('platform.yaml', FLAKY);
    platform = await createTestPlatform({
      knex,
      files,
      allow: ({ permission }) =>
        allow || permission.name !== 'innominatus.application.deploy'
          ? { allowed: true }
          : { allowed: false, reason: 'Only the owner deploys.' },
    });
  });

  afterEach(() => platform.stop());

  const credentials = mockCredentials.user();
  const deploy = (score = SCORE) =>
    platform.deploy('development/orders', { action: 'deploy', score });
  const application = async () =>
    (await platform.api.get('/applications/development/orders')).body;
  const deployment = async (deploymentId: string) =>
    (await platform.api.get(`/deployments/${deploymentId}`)).body;
  const retry = async (run: Run) => {
    const { body: preview } = await platform.api.get(
      `/runs/${run.id}/retry-preview`,
    );
    return platform.api.post(`/runs/${run.id}/retry`).send({
      previewVersion: preview.version,
      acknowledge: preview.acknowledge,
    });
  };
  /** The workflow that the run has recorded is mended for its retry. */
  const repair = async (runId: string) => {
    const run = { id: runId };
    const { definition } = await knex('workflow_runs').where(run).first();
    await knex('workflow_runs')
      .where(run)
      .update({ definition: definition.replaceAll('"fail":{}', '"steps":[]') });
  };
  const recorded = async (deploymentId: string) => {
    for (;;) {
      const body = await deployment(deploymentId);
      if (body.endedAt) {
        return body;
      }
      await new Promise(resolve => setTimeout(resolve, 10));
    }
  };

  it('carries the same deployment on to its new result', async () => {
    const first = await deploy();
    expect(first.deployment).toMatchObject({ number: 1, status: 'failed' });
    expect(await application()).toMatchObject({ status: 'failed' });
    const created = await knex('resource_transitions').select('*');
    await repair(first.run.id);
    const { status, body: run } = await retry(first.run);
    expect(status).toBe(202);
    expect(run.deployment).toEqual(first.run.deployment);
    const ended = await platform.waitForEnd(run.id);
    expect(ended.failure).toBeUndefined();
    expect(ended.steps.filter(step => step.carried).map(s => s.name)).toEqual([
      'provision-db',
      'provision-dns',
      'provision-route',
      'render',
    ]);
    expect(await recorded(first.deployment.id)).toMatchObject({
      number: 1,
      status: 'succeeded',
      runId: run.id,
      runNumber: run.number,
    });
    expect((await deployment(first.deployment.id)).failure).toBeUndefined();
    expect(await application()).toMatchObject({
      status: 'succeeded',
      revision: 1,
    });
    // Nothing was provisioned twice.
    expect(await knex('resource_transitions').select('*')).toHaveLength(
      created.length,
    );
    expect(await knex('deployments')).toHaveLength(1);
  });

  it('that fails again leaves the deployment failed', async () => {
    const first = await deploy();
    const { body: run } = await retry(first.run);
    await platform.waitForEnd(run.id);
    expect(await recorded(first.deployment.id)).toMatchObject({
      status: 'failed',
      runId: run.id,
      failure: { step: 'simulate' },
    });
    expect(await application()).toMatchObject({ status: 'failed' });
  });

  it('is not touched by a late notice about the run before', async () => {
    const first = await deploy();
    await platform.ends.stop();
    await repair(first.run.id);
    const { body: run } = await retry(first.run);
    await platform.waitForEnd(run.id);
    expect(
      await platform.deployments.end({
        id: first.deployment.id,
        runId: first.run.id,
        status: 'failed',
        endedAt: 1,
      }),
    ).toBe(false);
    expect((await deployment(first.deployment.id)).status).toBe('succeeded');
  });

  it('is refused once another deployment came after', async () => {
    const first = await deploy();
    files.set('platform.yaml', PLATFORM);
    await platform.registry.refresh();
    const second = await deploy();
    expect(second.deployment).toMatchObject({ number: 2, status: 'succeeded' });
    for (const verb of ['retry', 'undo']) {
      const { body: preview } = await platform.api.get(
        `/runs/${first.run.id}/${verb}-preview`,
      );
      expect(preview).toMatchObject({
        allowed: false,
        reason:
          'Another deployment of development/orders came after deployment 1. Deploy again, or roll back.',
      });
    }
    const { status, body } = await retry(first.run);
    expect([status, body.code]).toEqual([409, 'RETRY_NOT_ALLOWED']);
    expect(await application()).toMatchObject({ status: 'succeeded' });
  });

  it('needs the permission that the deployment asked for', async () => {
    const first = await deploy();
    allow = false;
    const { body: preview } = await platform.api.get(
      `/runs/${first.run.id}/retry-preview`,
    );
    expect(preview).toMatchObject({
      allowed: false,
      reason: 'Only the owner deploys.',
    });
    const { status, body } = await retry(first.run);
    expect([status, body.detail]).toEqual([403, 'Only the owner deploys.']);
    expect(await knex('deployments').whereNull('ended_at')).toEqual([]);
  });

  it('goes on with the removal that failed', async () => {
    files.set('platform.yaml', BROKEN);
    await platform.registry.refresh();
    await deploy();
    const removal = await platform.deploy('development/orders', {
      action: 'delete',
    });
    expect(removal.deployment.status).toBe('failed');
    files.set('platform.yaml', PLATFORM);
    await platform.registry.refresh();
    const { body: run } = await retry(removal.run);
    expect((await platform.waitForEnd(run.id)).failure).toBeUndefined();
    expect(await recorded(removal.deployment.id)).toMatchObject({
      status: 'succeeded',
    });
    expect(await knex('resources').whereNot({ state: 'terminated' })).toEqual(
      [],
    );
    expect((await platform.api.get('/applications')).body.items).toEqual([]);
  });

  it('is undone only when it failed', async () => {
    const first = await deploy();
    const { followUps } = platform;
    const undoOf = (runId: string) =>
      followUps.previewUndo({ id: runId, credentials });
    expect(await undoOf(first.run.id)).toMatchObject({
      allowed: true,
      steps: [
        { step: 'prune', obstacle: 'notStarted' },
        { step: 'simulate', undoable: true },
        { step: 'render', obstacle: 'noUndo' },
        {},
        {},
        {},
      ],
    });
    files.set('platform.yaml', PLATFORM);
    await platform.registry.refresh();
    const second = await deploy();
    expect(await undoOf(second.run.id)).toMatchObject({
      allowed: false,
      reason:
        'Deployment 2 of development/orders succeeded. Roll it back, or delete the application.',
    });
  });

  it('that was undone stays as it ended', async () => {
    const first = await deploy();
    const { version } = await platform.followUps.previewUndo({
      id: first.run.id,
      credentials,
    });
    const { body: undo } = await platform.api
      .post(`/runs/${first.run.id}/undo`)
      .send({ previewVersion: version });
    expect((await platform.waitForEnd(undo.id)).status).toBe('succeeded');
    expect(await deployment(first.deployment.id)).toMatchObject({
      status: 'failed',
      runId: first.run.id,
    });
    const { status, body } = await retry(first.run);
    expect([status, body.code]).toEqual([409, 'RETRY_NOT_ALLOWED']);
  });
});
