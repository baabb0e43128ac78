import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { eventually } from '../__testUtils__/TestEngine';
import { createTestPlatform } from '../__testUtils__/TestPlatform';
import { sendReport, TicketDesk } from '../__testUtils__/TicketDesk';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const SCORE = `apiVersion: score.dev/v1b1
metadata: { name: orders }
containers:
  main: { image: nginx }
resources:
  db: { type: postgres, params: { size: small } }
`;

const ORDERS = { environment: 'development', workload: 'orders' };

const PASSWORD = 'a-very-secret-password';

/** A provider whose databases other people make. */
function platformFile(desk: TicketDesk, wait: string): string {
  return `apiVersion: innominatus.dev/v1
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
---
apiVersion: innominatus.dev/v1
kind: Provider
metadata: { name: desk, version: 1.0.0 }
spec:
  resourceTypes:
    - type: postgres
      outputs:
        - { name: host, schema: { type: string, minLength: 3 } }
        - { name: password, sensitive: true }
      operations:
        create: { workflow: order-postgres }
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: order-postgres }
spec:
  steps:
    - { name: callback, type: callback }
    - name: order
      type: http
      config:
        url: http://${desk.host}/tickets
        method: POST
        body:
          size: \${params.size}
          callback: { url: '\${callback.url}', secret: '\${callback.secret}' }
        outputs: { key: key, page: page }
    - name: wait
      type: delegated
      config:
        title: Ticket \${order.key}
        link: \${order.page}
${wait}
  outputs:
    host: \${wait.host}
    password: \${wait.password}
`;
}

const BY_CALLBACK = `        callback: \${callback.id}
        expiresAfter: 3d`;

const BY_POLLING = (desk: TicketDesk) => `        poll:
          url: http://${desk.host}/tickets/1
          every: 10s
          status: state
          succeeded: done
          failed: [refused]
          message: why
          outputs: { host: result.host, password: result.password }
        sensitive: [password]`;

describe.each(databases.each())('resources made outside on %s', id => {
  let knex: Knex;
  let desk: TicketDesk;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;

  const start = async (wait: string) => {
    platform = await createTestPlatform({
      knex,
      httpHosts: [desk.host],
      files: new Map([['platform.yaml', platformFile(desk, wait)]]),
    });
  };

  const stop = async () => {
    await platform.runtime.stop();
    await platform.ends.stop();
  };

  /** Deploys, and answers when somebody outside is waited for. */
  const begin = async () => {
    const { body } = await platform.api
      .post('/applications/development/orders/deployments')
      .send({ action: 'deploy', score: SCORE })
      .expect(202);
    await eventually(async () => {
      const { status, waiting } = await platform.runs.get(body.runId);
      return status === 'waiting' && waiting?.kind === 'outside';
    });
    const [resource] = await platform.resources.listUsedBy(ORDERS);
    return { runId: body.runId as string, resourceId: resource.id };
  };

  const report = (
    resourceId: string,
    body: string | object,
    more: { secret?: string; timestamp?: number; id?: string } = {},
  ) =>
    sendReport({
      app: platform.app,
      route: `/resources/${resourceId}/callback`,
      secret: desk.tickets.at(-1)!.callback!.secret,
      body,
      ...more,
    });

  const done = {
    status: 'succeeded',
    outputs: { host: 'db.example', password: PASSWORD },
  };

  beforeEach(async () => {
    knex = await databases.init(id);
    desk = await TicketDesk.start();
  });

  afterEach(async () => {
    await platform.stop();
    await desk.stop();
  });

  it('wait with a link, and are active with what was reported', async () => {
    await start(BY_CALLBACK);
    const { runId, resourceId } = await begin();
    const [{ callback }] = desk.tickets;
    expect(callback?.url).toBe(
      `http://localhost:0/api/innominatus/v1/resources/${resourceId}/callback`,
    );
    expect(callback?.secret).toMatch(/^whsec_/);

    const run = await platform.runs.get(runId);
    expect(run.waiting).toMatchObject({
      kind: 'outside',
      message: expect.stringContaining('Waits for "Ticket T-1".'),
      link: { url: 'https://desk.example/T-1', title: 'Ticket T-1' },
    });
    expect(run.steps[0].waiting).toEqual(run.waiting);
    const { body: resource } = await platform.api.get(
      `/resources/${resourceId}`,
    );
    expect(resource).toMatchObject({
      state: 'provisioning',
      waitingFor: {
        message: 'Waits for "Ticket T-1".',
        link: { url: 'https://desk.example/T-1' },
        until: expect.any(String),
      },
    });
    const owners = await knex('workflow_runs')
      .whereNull('ended_at')
      .select('lease_owner');
    await eventually(async () =>
      (
        await knex('workflow_runs').whereNull('ended_at').select('lease_owner')
      ).every(row => row.lease_owner === null),
    );
    expect(owners).toHaveLength(2);

    const { body: answer } = await report(resourceId, done).expect(202);
    expect(answer).toEqual({ repeated: false });
    const ended = await platform.waitForEnd(runId);
    expect(ended.failure).toBeUndefined();
    expect(ended.status).toBe('succeeded');
    const record = await platform.resources.get(resourceId);
    expect(record).toMatchObject({
      state: 'active',
      outputs: {
        host: 'db.example',
        password: { $secretRef: `resource/${resourceId}/password` },
      },
    });
    await expect(
      platform.secrets.get(record!.outputs.password as never),
    ).resolves.toBe(PASSWORD);
    const { body: active } = await platform.api.get(`/resources/${resourceId}`);
    expect(active.waitingFor).toBeUndefined();
  });

  it('keep secrets out of every table and log', async () => {
    await start(BY_CALLBACK);
    const { runId, resourceId } = await begin();
    const { secret } = desk.tickets[0].callback!;
    await report(resourceId, done).expect(202);
    await platform.waitForEnd(runId);
    for (const table of [
      'workflow_runs',
      'run_events',
      'run_signals',
      'log_chunks',
      'run_artifacts',
      'resources',
      'resource_transitions',
      'resource_callbacks',
      'secrets',
    ]) {
      const rows = JSON.stringify(await knex(table), (_key, value) =>
        Buffer.isBuffer(value) ? value.toString('latin1') : value,
      );
      expect(rows).not.toContain(PASSWORD);
      expect(rows).not.toContain(secret);
    }
  });

  it('fail with the reason that was reported', async () => {
    await start(BY_CALLBACK);
    const { runId, resourceId } = await begin();
    await report(resourceId, {
      status: 'failed',
      message: 'No more room in the cellar',
    }).expect(202);
    const run = await platform.waitForEnd(runId);
    expect(run.failure?.error).toMatchObject({
      code: 'DELEGATED_FAILED',
      message: expect.stringContaining(
        'Not done by "Ticket T-1": No more room in the cellar',
      ),
    });
    await expect(platform.resources.get(resourceId)).resolves.toMatchObject({
      state: 'failed',
      error: expect.stringContaining('No more room in the cellar'),
    });
    // Nobody waits any more, and that is said only to who may know.
    const { body } = await report(resourceId, done).expect(409);
    expect(body.code).toBe('CALLBACK_ANSWERED');
  });

  it('show how far it is while nothing is decided', async () => {
    await start(BY_CALLBACK);
    const { runId, resourceId } = await begin();
    const news = {
      status: 'running',
      message: 'Ada looks at it',
      link: { url: 'https://desk.example/T-1/ada' },
    };
    await report(resourceId, news).expect(202);
    await eventually(async () => {
      const { waiting } = await platform.runs.get(runId);
      return waiting?.link?.url === 'https://desk.example/T-1/ada';
    });
    const { body: again } = await report(resourceId, news).expect(202);
    expect(again).toEqual({ repeated: true });
    await report(resourceId, done).expect(202);
    await expect(platform.waitForEnd(runId)).resolves.toMatchObject({
      status: 'succeeded',
    });
  });

  it('take a report while no backend works, and one that comes twice', async () => {
    await start(BY_CALLBACK);
    const { runId, resourceId } = await begin();
    await stop();
    await report(resourceId, done).expect(202);
    const { body: again } = await report(resourceId, done, {
      id: 'message-2',
    }).expect(202);
    expect(again).toEqual({ repeated: true });

    await start(BY_CALLBACK);
    await expect(platform.waitForEnd(runId)).resolves.toMatchObject({
      status: 'succeeded',
    });
    expect(desk.tickets).toHaveLength(1);
    const other = { ...done, outputs: { host: 'other.example' } };
    const { body } = await report(resourceId, other).expect(409);
    expect(body.code).toBe('CALLBACK_ANSWERED');
  });

  it('refuse a report that is not signed, old, or signed by others', async () => {
    await start(BY_CALLBACK);
    const { runId, resourceId } = await begin();
    const now = Math.floor(Date.now() / 1000);
    const stranger = `whsec_${Buffer.from('someone else').toString('base64')}`;
    const { body: forged } = await report(resourceId, done, {
      secret: stranger,
    }).expect(401);
    // Whether there is such a resource is nobody's business.
    const { body: nowhere } = await report('nowhere', done).expect(401);
    expect(nowhere.detail).toBe(forged.detail);
    await report(resourceId, done, { timestamp: now - 600 }).expect(401);
    await report(resourceId, done, { timestamp: now + 600 }).expect(401);
    await platform.api
      .post(`/resources/${resourceId}/callback`)
      .send(done)
      .expect(401);
    await expect(platform.runs.get(runId)).resolves.toMatchObject({
      status: 'waiting',
    });
  });

  it('refuse a report that says nothing, too much, or what nobody expects', async () => {
    await start(BY_CALLBACK);
    const { runId, resourceId } = await begin();
    await report(resourceId, 'not JSON').expect(400);
    await report(resourceId, { status: 'maybe' }).expect(400);
    await report(resourceId, {
      ...done,
      outputs: { host: { $secretRef: 'resource/of-another/password' } },
    }).expect(400);
    await report(resourceId, {
      status: 'running',
      link: { url: 'data:text/html,alert' },
    }).expect(400);
    await report(resourceId, {
      ...done,
      outputs: { host: 'x'.repeat(70_000) },
    }).expect(400);
    await report(resourceId, `{"status":"${'x'.repeat(300_000)}"}`).expect(413);
    const { body } = await report(resourceId, {
      ...done,
      outputs: { host: 'x', password: PASSWORD },
    }).expect(422);
    expect(body.code).toBe('CALLBACK_OUTPUTS_INVALID');
    expect(body.detail).toContain('"host"');
    expect(JSON.stringify(body)).not.toContain(PASSWORD);
    await report(resourceId, done).expect(202);
    await expect(platform.waitForEnd(runId)).resolves.toMatchObject({
      status: 'succeeded',
    });
  });

  it('are given up with their run, and then nothing is taken any more', async () => {
    await start(BY_CALLBACK);
    const { runId, resourceId } = await begin();
    await platform.runs.cancel({ id: runId, by: 'user:default/jane' });
    await expect(platform.waitForEnd(runId)).resolves.toMatchObject({
      status: 'cancelled',
    });
    await expect(platform.resources.get(resourceId)).resolves.toMatchObject({
      state: 'failed',
    });
    await eventually(
      async () =>
        (await knex('workflow_runs').whereNull('ended_at')).length === 0,
    );
    const { body } = await report(resourceId, done).expect(410);
    expect(body.code).toBe('CALLBACK_CLOSED');
  });

  it('are asked for with a secret of its own each time', async () => {
    await start(BY_CALLBACK);
    const { runId, resourceId } = await begin();
    await report(resourceId, { status: 'failed', message: 'no' }).expect(202);
    await platform.waitForEnd(runId);
    await eventually(async () => {
      const { body } = await platform.api.get('/deployments');
      return body.items[0].endedAt !== undefined;
    });
    const again = await begin();
    expect(again.resourceId).toBe(resourceId);
    const [first, second] = desk.tickets.map(one => one.callback!.secret);
    expect(second).not.toBe(first);
    await report(resourceId, done, { secret: first }).expect(409);
    await report(resourceId, done).expect(202);
    await expect(platform.waitForEnd(again.runId)).resolves.toMatchObject({
      status: 'succeeded',
    });
  });

  it('are asked about until they are done', async () => {
    await start(BY_POLLING(desk));
    const { runId, resourceId } = await begin();
    expect(desk.looks).toBe(1);
    desk.state = {
      state: 'done',
      result: { host: 'db.example', password: PASSWORD },
    };
    // Nobody wants to wait for ten seconds.
    const [{ id: nested }] = await knex('workflow_runs').where({
      parent_run_id: runId,
    });
    await platform.runs.wake({
      id: nested,
      step: 'wait',
      signalId: 'look',
      by: 'test',
    });
    const run = await platform.waitForEnd(runId);
    expect(run.failure).toBeUndefined();
    await expect(platform.resources.get(resourceId)).resolves.toMatchObject({
      state: 'active',
      outputs: {
        host: 'db.example',
        password: { $secretRef: expect.any(String) },
      },
    });
  });

  it('fail when who is asked says so, and wait while it cannot answer', async () => {
    desk.state = { state: 'open', why: 'In the queue' };
    await start(BY_POLLING(desk));
    const { runId } = await begin();
    await expect(platform.runs.get(runId)).resolves.toMatchObject({
      waiting: { message: expect.stringContaining('In the queue') },
    });
    desk.state = { state: 'refused', why: 'Too large' };
    await eventually(() => desk.looks > 1, 20_000);
    const run = await platform.waitForEnd(runId);
    expect(run.failure?.error.message).toContain('Too large');
  });

  it('cannot be reported on by a run that does not work on them', async () => {
    await start(BY_CALLBACK);
    const { runId, resourceId } = await begin();
    const { definition } = platform.registry.workflow('order-postgres')!;
    const stranger = await platform.runs.start({
      definition,
      initiator: 'user:default/eve',
      parameters: { resource: { guid: resourceId }, size: 'small' },
    });
    const run = await platform.waitForEnd(stranger.id);
    expect(run.failure?.error.code).toBe('CALLBACK_WITHOUT_RESOURCE');
    expect(desk.tickets).toHaveLength(1);
    await platform.runs.cancel({ id: runId, by: 'user:default/jane' });
    await platform.waitForEnd(runId);
  });
});
