import { mockServices } from '@backstage/backend-test-utils';
import { NotFoundError } from '@backstage/errors';
import express from 'express';
import request from 'supertest';
import { sendReport } from '../__testUtils__/TicketDesk';
import { problemDetails } from '../http';
import { CallbackReports } from './CallbackReports';
import { createCallbacksRouter } from './router';
import { CallbackRecord, CallbackReport } from './types';

jest.setTimeout(60_000);

const SECRET = `whsec_${Buffer.from('only the desk knows it').toString('base64')}`;
const STRANGER = `whsec_${Buffer.from('someone else').toString('base64')}`;
const NEWS = { status: 'running', message: 'Ada looks at it' };

function setUp(readSecret: (ref: string) => string = () => SECRET) {
  const records: CallbackRecord[] = [
    {
      id: 'callback-1',
      resourceId: 'known',
      runId: 'run-1',
      secretRef: 'run/run-1/callback/secret',
      status: 'open',
      reports: 0,
      expiresAt: Date.now() + 60_000,
      runEnded: false,
    },
  ];
  const taken: CallbackReport[] = [];
  const logger = mockServices.logger.mock();
  const auditor = mockServices.auditor.mock({
    createEvent: async () => ({
      success: async () => {},
      fail: async () => {},
    }),
  });
  const reports = CallbackReports.create({
    callbacks: {
      open: async () => records[0],
      await: async () => undefined,
      listOf: async id => records.filter(({ resourceId }) => resourceId === id),
      report: async (seen, report) => {
        taken.push(report);
        const next = { ...seen, ...report, reports: seen.reports + 1 };
        records.splice(0, 1, next);
        return next;
      },
    },
    secrets: {
      get: async ({ $secretRef }) => readSecret($secretRef),
      put: async ref => ({ $secretRef: ref }),
    },
    runs: { wake: jest.fn() },
    auditor,
    expectationsOf: async () => ({ check: () => [], sensitive: [] }),
  });
  const app = express();
  // As behind a proxy that says who sends.
  app.set('trust proxy', true);
  app.use(createCallbacksRouter({ reports }), problemDetails({ logger }));
  const send = (
    options: Partial<Parameters<typeof sendReport>[0]> & { from?: string } = {},
  ) => {
    const { from = '192.0.2.1', ...more } = options;
    return sendReport({
      app,
      route: '/resources/known/callback',
      secret: SECRET,
      body: NEWS,
      ...more,
    }).set('x-forwarded-for', from);
  };
  return { app, auditor, logger, send, taken };
}

describe('reports of systems outside', () => {
  beforeEach(() => {
    // However slow the machine is, all of it happens in one minute.
    jest.spyOn(Date, 'now').mockReturnValue(Date.now());
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('are answered in the same way wherever they go, unless they are signed right', async () => {
    const { app, send } = setUp();
    const old = Math.floor(Date.now() / 1000) - 600;
    const routes = ['/resources/known/callback', '/resources/none/callback'];
    const attempts: Array<(route: string) => request.Test> = [
      route => request(app).post(route).send(NEWS),
      route => send({ route, secret: STRANGER }),
      route => send({ route, secret: STRANGER, timestamp: old }),
      route => send({ route, secret: STRANGER, id: 'with.a.dot' }),
    ];
    for (const attempt of attempts) {
      const [known, none] = await Promise.all(routes.map(attempt));
      expect([known.status, none.status]).toEqual([401, 401]);
      const { instance, ...said } = known.body;
      const { instance: _other, ...saidToo } = none.body;
      expect(said).toEqual(saidToo);
    }
  });

  it('have a limit for each sender, so that none keeps out the others', async () => {
    const { send } = setUp();
    for (let sent = 0; sent < 600; sent += 50) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => send()),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(202));
    }
    const refused = await send().expect(429);
    expect(refused.body.code).toBe('TOO_MANY_REQUESTS');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await send({ from: '192.0.2.2' }).expect(202);
  });

  it('that are signed wrongly are refused after a few, and none that is right because of them', async () => {
    const { send, taken } = setUp();
    const guess = (from: string) => send({ secret: STRANGER, from });
    for (let count = 0; count < 20; count += 1) {
      await guess('192.0.2.1').expect(401);
    }
    await guess('192.0.2.1').expect(429);
    await guess('192.0.2.2').expect(401);
    // The one at the desk may sit behind the same address.
    await send().expect(202);
    expect(taken).toHaveLength(1);
  });

  it('are read up to a size, whoever sends them', async () => {
    const { send, taken } = setUp();
    await send({ body: 'x'.repeat(257 * 1024) }).expect(413);
    expect(taken).toEqual([]);
  });

  it('leave neither secrets nor what they say in the log and the audit', async () => {
    const { auditor, logger, send } = setUp();
    const body = {
      status: 'succeeded',
      outputs: { password: 'a-very-secret-password' },
    };
    await send({ body, secret: STRANGER }).expect(401);
    expect(auditor.createEvent).not.toHaveBeenCalled();
    await send({ body }).expect(202);
    expect(auditor.createEvent).toHaveBeenCalledTimes(1);
    const [[{ request: _request, ...event }]] = auditor.createEvent.mock.calls;
    const said = JSON.stringify([
      event,
      ...[logger.info, logger.warn, logger.error, logger.debug].map(
        ({ mock }) => mock.calls,
      ),
    ]);
    expect(said).not.toContain('a-very-secret-password');
    expect(said).not.toContain(SECRET);
    expect(said).not.toContain(SECRET.slice('whsec_'.length));
  });

  it('are to be sent again when the secret cannot be read just now', async () => {
    const { send } = setUp(() => {
      throw new Error('The database is away');
    });
    const { status, body } = await send();
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('database is away');
  });

  it('are refused when the secret was forgotten with its run', async () => {
    const { send } = setUp(() => {
      throw new NotFoundError('gone');
    });
    await send().expect(401);
  });

  it('cannot be cut in another way than they were signed', async () => {
    const { app, taken } = setUp();
    const at = String(Math.floor(Date.now() / 1000));
    // Signed as the body "x.AT.{…}"; the rest is moved into the id.
    const { createHmac } = jest.requireActual('node:crypto');
    const body = JSON.stringify(NEWS);
    const signature = createHmac(
      'sha256',
      Buffer.from(SECRET.slice('whsec_'.length), 'base64'),
    )
      .update(`id.${at}.x.${at}.${body}`)
      .digest('base64');
    await request(app)
      .post('/resources/known/callback')
      .set('webhook-id', `id.${at}.x`)
      .set('webhook-timestamp', at)
      .set('webhook-signature', `v1,${signature}`)
      .set('content-type', 'application/json')
      .send(body)
      .expect(401);
    expect(taken).toEqual([]);
  });
});
