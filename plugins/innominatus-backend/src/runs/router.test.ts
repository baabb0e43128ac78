import {
  InnominatusClient,
  Run,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Express } from 'express';
import { Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { Knex } from 'knex';
import request from 'supertest';
import { aborted, testStepType } from '../__testUtils__/stepTypes';
import { RecordedAudit } from '../__testUtils__/recordingAuditor';
import { createTestApp, TestRights } from '../__testUtils__/testApp';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { createTestEngine, TestEngine } from '../__testUtils__/TestEngine';
import { inOrder, testWorkflow } from '../__testUtils__/workflows';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.each())('routes of runs on %s', databaseId => {
  let knex: Knex;
  let engine: TestEngine;
  let app: Express;
  let rights: TestRights;
  let server: Server | undefined;
  let finish: () => void;
  let audits: RecordedAudit[];

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    finish = () => {};
    const slow = testStepType('slow', async context => {
      context.log.info('one');
      await Promise.race([
        aborted(context.signal),
        new Promise<void>(resolve => {
          finish = resolve;
        }),
      ]);
      context.signal.throwIfAborted();
      context.log.info('two');
    });
    engine = await createTestEngine({ knex, stepTypes: [slow] });
    await engine.runtime.start();
    rights = { mayRead: () => true, mayControl: true };
    audits = [];
    app = createTestApp(engine, rights, audits);
  });

  afterEach(async () => {
    finish();
    await engine.runtime.stop();
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  async function finished(messages: string[] = ['hello', 'World']) {
    const { id } = await engine.start({
      definition: testWorkflow(
        inOrder([
          { name: 'a', type: 'simulate', config: { messages } },
          { name: 'b', type: 'simulate' },
        ]),
      ),
      goldenPath: 'deploy-app',
      application: {
        environment: 'dev',
        environmentType: 'development',
        name: 'orders',
        owner: 'group:default/orders',
      },
    });
    return engine.waitForEnd(id);
  }

  /** A real client against a real port, because streams are about sockets. */
  async function connect(): Promise<InnominatusClient> {
    server = app.listen(0);
    const { port } = server.address() as AddressInfo;
    return new InnominatusClient({
      baseUrl: async () => `http://127.0.0.1:${port}`,
      fetch,
    });
  }

  it('answers a run by id and by number, with its steps', async () => {
    const run = await finished();
    for (const name of [run.id, String(run.number)]) {
      const { body } = await request(app).get(`/v1/runs/${name}`).expect(200);
      expect(body).toMatchObject({
        id: run.id,
        status: 'succeeded',
        application: { environment: 'dev', name: 'orders' },
        allowedActions: {
          cancel: { allowed: false, reason: `Run ${run.number} has ended.` },
        },
      });
      expect((body as Run).steps.map(step => step.name)).toEqual(['a', 'b']);
    }
    const graph = await request(app).get(`/v1/runs/${run.id}/graph`);
    expect(graph.body.edges).toEqual([{ from: 'a', to: 'b' }]);
    const step = await request(app).get(`/v1/runs/${run.id}/steps/a`);
    expect(step.body.attempts).toHaveLength(1);
    const missing = await request(app).get(`/v1/runs/${run.id}/steps/c`);
    expect(missing.body.detail).toContain('Its steps are: "a", "b".');
  });

  it('lists runs in pages, filtered, and leaves nested runs out', async () => {
    const runs = [await finished(), await finished(), await finished()];
    await engine.runs.start({
      definition: testWorkflow([]),
      parameters: {},
      initiator: 'user:default/jane',
      parentRun: { id: runs[0].id, step: 'a' },
    });
    const list = (query: string) =>
      request(app).get(`/v1/runs?${query}`).expect(200);
    const first = await list('limit=2&count=true&filter[application]=orders');
    expect(first.body.total).toBe(3);
    expect(first.body.items.map((run: Run) => run.number)).toEqual([
      runs[2].number,
      runs[1].number,
    ]);
    const second = await list(`limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body.items.map((run: Run) => run.number)).toEqual([
      runs[0].number,
    ]);
    expect(second.body.nextCursor).toBeUndefined();
    const none = await list('filter[status]=failed,cancelled');
    expect(none.body.items).toEqual([]);
    const children = await list(`filter[parentRun]=${runs[0].id}`);
    expect(children.body.items[0].application.name).toBe('orders');
    const fields = await list('fields=id,status&limit=1');
    expect(Object.keys(fields.body.items[0]).sort()).toEqual(['id', 'status']);
  });

  it.each([
    ['colour=red', '"colour" is not known. Known are: "limit", "cursor"'],
    ['filter[colour]=red', '"filter[colour]" is not known'],
    ['filter[status]=happy', 'has the value "happy". Known are: "queued"'],
    ['limit=1000', 'expected a whole number from 1 to 200'],
    ['sort=title', '"sort" is "title"'],
    ['cursor=abc', 'was not made by this list'],
    ['limit=1&limit=2', 'is given twice'],
  ])('refuses the query %s', async (query, detail) => {
    const { body, headers } = await request(app)
      .get(`/v1/runs?${query}`)
      .expect(400);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(body).toMatchObject({
      code: 'BAD_REQUEST',
      status: 400,
      error: { name: 'InputError' },
    });
    expect(body.detail).toContain(detail);
  });

  it('says of what may not be read only that it is not there', async () => {
    const run = await finished();
    rights.mayRead = () => false;
    const paths = ['', '/graph', '/steps', '/steps/a', '/events', '/logs'];
    for (const path of paths) {
      const hidden = await request(app).get(`/v1/runs/${run.id}${path}`);
      const absent = await request(app).get(`/v1/runs/nowhere${path}`);
      expect(hidden.status).toBe(404);
      expect(hidden.body.detail).toBe(`There is no run "${run.id}"`);
      expect(absent.body.detail).toBe('There is no run "nowhere"');
    }
    await request(app).post(`/v1/runs/${run.id}/cancel`).expect(404);
  });

  it('decides by the owner and environment of the application', async () => {
    const run = await finished();
    const subjects: unknown[] = [];
    rights.mayRead = subject => subjects.push(subject) > 0;
    await request(app).get(`/v1/runs/${run.id}`).expect(200);
    expect(subjects).toEqual([
      {
        owner: 'group:default/orders',
        environment: 'dev',
        environmentType: 'development',
        goldenPath: 'deploy-app',
        initiator: 'user:default/jane',
      },
    ]);
  });

  it('cancels a run for those who may', async () => {
    const { id } = await engine.start({
      definition: testWorkflow([{ name: 'a', type: 'slow' }]),
    });
    rights.mayControl = false;
    await request(app).post(`/v1/runs/${id}/cancel`).expect(403);
    const seen = await request(app).get(`/v1/runs/${id}`);
    expect(seen.body.allowedActions.cancel).toEqual({
      allowed: false,
      reason: 'Ask the owner.',
    });
    rights.mayControl = true;
    await request(app)
      .post(`/v1/runs/${id}/cancel`)
      .send({ why: 'x' })
      .expect(400);
    const answer = await request(app)
      .post(`/v1/runs/${id}/cancel`)
      .send({ reason: 'Mistake' })
      .expect(202);
    expect(answer.headers.location).toBe(`/v1/runs/${id}`);
    const run = await engine.waitForEnd(id);
    expect(run.status).toBe('cancelled');
  });

  it('tells the auditor who controls a run, and what was refused', async () => {
    const { id, number } = await engine.start({
      definition: testWorkflow([{ name: 'a', type: 'slow' }]),
    });
    const control = (verb: string, body: object = {}) =>
      request(app).post(`/v1/runs/${number}/${verb}`).send(body);
    rights.mayControl = false;
    await control('cancel', { reason: 'Mistake' }).expect(403);
    rights.mayControl = true;
    await control('pause').expect(202);
    await control('resume').expect(202);
    await control('cancel', { reason: 'Mistake' }).expect(202);
    await engine.waitForEnd(id);
    const wrong = { previewVersion: 'of another time' };
    await control('undo', wrong).expect(409);
    const { body: preview } = await request(app)
      .get(`/v1/runs/${number}/retry-preview`)
      .expect(200);
    const retried = await control('retry', {
      previewVersion: preview.version,
      acknowledge: preview.acknowledge,
    }).expect(202);
    const of = { run: String(number) };
    const done = { ...of, runId: id, number };
    expect(
      audits.map(({ eventId, outcome, meta }) => [eventId, outcome, meta]),
    ).toEqual([
      ['run-cancel', 'failure', { ...of, reason: 'Mistake' }],
      ['run-pause', 'success', done],
      ['run-resume', 'success', done],
      ['run-cancel', 'success', { ...done, reason: 'Mistake' }],
      ['run-undo', 'failure', of],
      [
        'run-retry',
        'success',
        { ...of, acknowledge: [], startedRun: retried.body.id },
      ],
    ]);
  });

  it('pauses a run after the steps in progress, and resumes it', async () => {
    const { id } = await engine.start({
      definition: testWorkflow(
        inOrder([
          { name: 'a', type: 'slow' },
          { name: 'b', type: 'simulate' },
        ]),
      ),
    });
    const seen = async (): Promise<Run> =>
      (await request(app).get(`/v1/runs/${id}`).expect(200)).body;
    const until = async (isWanted: (run: Run) => boolean): Promise<Run> => {
      const run = await seen();
      return isWanted(run) ? run : until(isWanted);
    };
    await until(run => run.steps[0].status === 'running');
    rights.mayControl = false;
    await request(app).post(`/v1/runs/${id}/pause`).expect(403);
    await request(app).post(`/v1/runs/${id}/resume`).expect(403);
    expect((await seen()).allowedActions.pause.reason).toBe('Ask the owner.');
    rights.mayControl = true;
    await request(app).post(`/v1/runs/${id}/pause`).send({ a: 1 }).expect(400);
    await request(app).post(`/v1/runs/${id}/pause`).expect(202);
    const stored = () => knex('run_signals').where({ run_id: id });
    while ((await stored().whereRaw('delivered = false')).length > 0) {
      await engine.runs.waitForActivity({
        id,
        signal: new AbortController().signal,
      });
    }
    finish();
    const paused = await until(run => run.status === 'waiting');
    expect(paused.waiting).toEqual({
      kind: 'paused',
      message: 'user:default/jane paused the run.',
    });
    expect(paused.steps.map(step => step.status)).toEqual([
      'succeeded',
      'pending',
    ]);
    const hasNotEnded = `Run ${paused.number} has not ended yet.`;
    expect(paused.allowedActions).toEqual({
      cancel: { allowed: true },
      pause: { allowed: false, reason: `Run ${paused.number} is paused.` },
      resume: { allowed: true },
      retry: { allowed: false, reason: hasNotEnded },
      undo: { allowed: false, reason: hasNotEnded },
    });
    await request(app).post(`/v1/runs/${id}/resume`).expect(202);
    expect((await engine.waitForEnd(id)).status).toBe('succeeded');
    const after = await request(app).post(`/v1/runs/${id}/pause`).expect(202);
    expect(after.body.status).toBe('succeeded');
  });

  it('pages and searches through logs and offers them as text', async () => {
    const run = await finished();
    const get = (query: string) =>
      request(app).get(`/v1/runs/${run.id}/logs?${query}`).expect(200);
    const page = await get('limit=1');
    expect(page.body.items[0].text).toBe('[1/2] hello');
    expect(page.body.nextAfter).toBe(1);
    const rest = await get('after=1');
    expect(rest.body.items).toHaveLength(1);
    expect(rest.body.nextAfter).toBeUndefined();
    expect((await get('search=WORLD')).body.items).toHaveLength(1);
    expect((await get('search=%25')).body.items).toHaveLength(0);
    expect((await get('step=b')).body.items).toHaveLength(0);
    const text = await get('').set('accept', 'text/plain');
    expect(text.headers['content-disposition']).toContain(
      `run-${run.number}.log`,
    );
    expect(text.text).toMatch(/^\S+Z \[a\] \[1\/2\] hello\n\S+Z \[a\] /);
  });

  it('streams logs while they are written and ends with the run', async () => {
    const client = await connect();
    const { id } = await engine.start({
      definition: testWorkflow([{ name: 'a', type: 'slow' }]),
    });
    const texts: string[] = [];
    for await (const event of client.followRunLogs(id)) {
      texts.push(`${event.id} ${event.data.text}`);
      if (event.data.text === 'one') {
        finish();
      }
    }
    expect(texts).toEqual(['1 one', '2 two']);
    const resumed: string[] = [];
    for await (const event of client.followRunLogs(id, { after: 1 })) {
      resumed.push(event.data.text);
    }
    expect(resumed).toEqual(['two']);
  });

  it('streams changes of a run, resumes by the last id, and ends', async () => {
    const client = await connect();
    const { id } = await engine.start({
      definition: testWorkflow([{ name: 'a', type: 'slow' }]),
    });
    const statuses: string[] = [];
    let lastVersion = 0;
    for await (const { data } of client.followRun(id)) {
      expect(data.version).toBeGreaterThan(lastVersion);
      lastVersion = data.version;
      statuses.push(data.status);
      if (data.status === 'running') {
        finish();
      }
    }
    expect(statuses.at(-1)).toBe('succeeded');
    const { text, headers } = await request(app)
      .get(`/v1/runs/${id}/events`)
      .set('last-event-id', String(lastVersion))
      .expect(200);
    expect(text.replace(/^:.*\n\n/gm, '')).toBe('event: end\ndata: {}\n\n');
    expect(headers).toMatchObject({
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
  });

  it('tells handlers about every end at least once', async () => {
    const handled: string[] = [];
    let failures = 1;
    const before = await finished();
    engine.runs.onRunEnded(async run => {
      if (failures-- > 0) {
        throw new Error('Not now');
      }
      handled.push(`${run.number} ${run.status}`);
    });
    engine.ends.start();
    // The first try fails; the run stays marked for another.
    await new Promise(resolve => setTimeout(resolve, 300));
    await knex('workflow_runs').update({ end_retry_at: 0 });
    const after = await finished();
    await new Promise(resolve => setTimeout(resolve, 500));
    await engine.ends.stop();
    expect(handled).toEqual([
      `${before.number} succeeded`,
      `${after.number} succeeded`,
    ]);
  });
});
