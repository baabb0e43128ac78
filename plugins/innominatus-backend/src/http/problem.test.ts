import { mockServices } from '@backstage/backend-test-utils';
import { ConflictError, NotAllowedError } from '@backstage/errors';
import express from 'express';
import request from 'supertest';
import { problemDetails } from './problem';
import { ProblemError } from './ProblemError';

describe('problem details', () => {
  const logger = mockServices.logger.mock();

  function appThatThrows(error: unknown) {
    const app = express();
    app.use(express.json({ limit: '1kb' }));
    app.use(() => {
      throw error;
    });
    app.use(problemDetails({ logger }));
    return app;
  }

  it('carry the code, the issues, and the error member of Backstage', async () => {
    const error = new ProblemError({
      status: 409,
      code: 'PLAN_CHANGED',
      message: 'The plan is not the same any more.',
      retryAfterSeconds: 3,
    });
    const { body, headers } = await request(appThatThrows(error))
      .get('/')
      .expect(409);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(headers['retry-after']).toBe('3');
    expect(body).toEqual({
      type: 'urn:innominatus:problem:plan-changed',
      title: 'Conflict',
      status: 409,
      detail: 'The plan is not the same any more.',
      code: 'PLAN_CHANGED',
      error: {
        name: 'ConflictError',
        message: 'The plan is not the same any more.',
      },
    });
  });

  it.each([
    [new ConflictError('busy'), 409, 'CONFLICT'],
    [new NotAllowedError('no'), 403, 'NOT_ALLOWED'],
  ])('understand the errors of Backstage', async (error, status, code) => {
    const { body } = await request(appThatThrows(error)).get('/');
    expect(body).toMatchObject({ status, code, detail: error.message });
  });

  it('hide what is not meant for the caller and log it under an id', async () => {
    const error = new Error('password hunter2 at /srv/secret');
    const { body } = await request(appThatThrows(error)).get('/').expect(500);
    expect(JSON.stringify(body)).not.toContain('hunter2');
    const [logId] = /[0-9a-f-]{36}/.exec(body.detail) ?? [];
    expect(logger.error.mock.calls.at(-1)?.[0]).toContain(logId);
  });

  it('do not repeat a body that cannot be read', async () => {
    const app = appThatThrows(new Error('never'));
    const broken = await request(app)
      .post('/')
      .type('json')
      .send('{"password":"hunter2",')
      .expect(400);
    expect(broken.text).not.toContain('hunter2');
    await request(app)
      .post('/')
      .send({ text: 'x'.repeat(2000) })
      .expect(413);
  });
});
