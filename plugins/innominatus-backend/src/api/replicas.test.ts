import { mockCredentials } from '@backstage/backend-test-utils';
import knexFactory, { Knex } from 'knex';
import { API, TestApi, startTestApi } from '../__testUtils__/startTestApi';
import {
  ENTITIES,
  createPlatformDirectory,
  scoreOf,
} from '../__testUtils__/teams';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const locations = createPlatformDirectory();
const onPostgres = databases.each().filter(([id]) => id === 'POSTGRES_18');

/** Reads a stream of events until one of them is the wanted one. */
async function readUntil(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  wanted: string,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  while (!text.includes(wanted)) {
    const { value, done } = await reader.read();
    if (done) {
      throw new Error(`The stream ended without "${wanted}": ${text}`);
    }
    text += decoder.decode(value, { stream: true });
  }
  return text;
}

describe.each(onPostgres)('two backends with one database, %s', databaseId => {
  let first: TestApi;
  let second: TestApi;
  let other: Knex;

  beforeAll(async () => {
    const knex = await databases.initEmpty(databaseId);
    other = knexFactory(knex.client.config);
    const options = { locations, entities: ENTITIES };
    first = await startTestApi({ ...options, knex });
    second = await startTestApi({ ...options, knex: other });
  });

  afterAll(async () => {
    await first.stop();
    await second.stop();
    await other.destroy();
  });

  const follow = async (api: TestApi, route: string) => {
    const response = await fetch(
      `http://localhost:${api.server.port()}${API}${route}`,
      {
        headers: {
          Accept: 'text/event-stream',
          Authorization: mockCredentials.user.header('user:default/admin'),
        },
      },
    );
    expect(response.status).toBe(200);
    return response.body!.getReader();
  };

  it('shows, streams and cancels at one what was deployed at the other', async () => {
    const { body: deployment } = await first
      .user('admin')
      .post('/applications/development/orders/deployments', {
        score: scoreOf('orders'),
        goldenPath: 'deploy-slowly',
      })
      .expect(202);
    const { runId } = deployment;

    for (const route of [
      `/deployments/${deployment.id}`,
      '/applications/development/orders',
      `/runs/${runId}`,
    ]) {
      await second.user('admin').get(route).expect(200);
    }

    const streams = await Promise.all(
      [first, second].flatMap(api => [
        follow(api, `/runs/${runId}/logs`),
        follow(api, `/runs/${runId}/events`),
      ]),
    );
    const [logs, events, otherLogs, otherEvents] = streams;
    expect(await readUntil(logs, 'rolling out orders')).toContain('event: log');
    expect(await readUntil(otherLogs, 'rolling out orders')).toContain(
      'event: log',
    );
    expect(await readUntil(events, '"status":"running"')).toContain(runId);
    expect(await readUntil(otherEvents, '"status":"running"')).toContain(runId);

    // Whoever works on it, the other one is asked.
    await second
      .user('jane')
      .post(`/runs/${runId}/cancel`, { reason: 'wrong image' })
      .expect(202);
    for (const stream of streams) {
      await readUntil(stream, 'event: end');
    }
    const ended = await first.waitForDeployment(deployment.id);
    expect(ended.status).toBe('cancelled');
    const { body: seen } = await second
      .user('admin')
      .get('/applications/development/orders')
      .expect(200);
    // What exists and how to go on is asked for one deployment only.
    const { recovery, ...last } = ended;
    expect(recovery?.exists).toHaveLength(1);
    expect(seen.lastDeployment).toEqual(last);
  });

  it('plans at one what is deployed at the other', async () => {
    const body = { score: scoreOf('payments') };
    const { body: plan } = await first
      .user('admin')
      .post('/applications/development/payments/plans', body)
      .expect(201);
    await second.user('admin').get(`/plans/${plan.id}`).expect(200);
    const { body: deployment } = await second
      .user('admin')
      .post('/applications/development/payments/deployments', {
        ...body,
        planHash: plan.hash,
      })
      .expect(202);
    await first.waitForDeployment(deployment.id);
    const { body: problem } = await first
      .user('admin')
      .post('/applications/development/payments/deployments', {
        ...body,
        planHash: plan.hash,
      })
      .expect(409);
    expect(problem.code).toBe('PLAN_CHANGED');
  });

  it('answers a repeated request at one as at the other', async () => {
    const send = (api: TestApi, name: string) =>
      api
        .user('admin')
        .post('/golden-paths/say-hello/runs', { parameters: { name } })
        .set('Idempotency-Key', 'once');
    const [one, two] = await Promise.all([
      send(first, 'you'),
      send(second, 'you'),
    ]);
    expect([one.status, two.status].sort()).toContain(202);
    const { body } = await send(second, 'you').expect(202);
    const { body: again } = await send(first, 'you').expect(202);
    expect(again).toEqual(body);
    const { body: runs } = await first
      .user('admin')
      .get('/runs?filter[goldenPath]=say-hello&count=true');
    expect(runs.total).toBe(1);
    const { body: problem } = await send(first, 'them').expect(422);
    expect(problem.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });
});
