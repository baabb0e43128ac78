import express, { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { ProblemError, readQuery } from '../http';
import { RateLimit } from '../http/RateLimit';
import { CallbackReports } from './CallbackReports';

const BODY_LIMIT = '256kb';
const WINDOW_MS = 60_000;
const MAX_REQUESTS = 600;
const MAX_FAILURES = 20;

/** Takes reports of systems outside. They are signed, and come from no user. */
export function createCallbacksRouter(options: {
  reports: Pick<CallbackReports, 'receive'>;
}): Router {
  const router = PromiseRouter();
  const all = RateLimit.create({ max: MAX_REQUESTS, windowMs: WINDOW_MS });
  const failures = RateLimit.create({ max: MAX_FAILURES, windowMs: WINDOW_MS });

  router.post(
    '/resources/:id/callback',
    (request, _response, next) => {
      // For each sender, so that none keeps out the reports of the others.
      refuseWhenMany(all, request.ip ?? '');
      next();
    },
    express.raw({ type: () => true, limit: BODY_LIMIT }),
    async (request, response) => {
      readQuery(request, []);
      const body = Buffer.isBuffer(request.body)
        ? request.body
        : Buffer.alloc(0);
      const answer = await options.reports
        .receive({
          resourceId: request.params.id,
          signed: { body, header: name => request.header(name) },
          request,
        })
        .catch(error => {
          if ((error as Error).name === 'AuthenticationError') {
            refuseWhenMany(failures, request.ip ?? '');
          }
          throw error;
        });
      response.status(202).json(answer);
    },
  );

  return router;
}

function refuseWhenMany(limit: RateLimit, key: string): void {
  const retryAfterSeconds = limit.take(key);
  if (retryAfterSeconds !== undefined) {
    throw new ProblemError({
      status: 429,
      code: 'TOO_MANY_REQUESTS',
      message: `There were too many reports. Try again in ${retryAfterSeconds} seconds.`,
      retryAfterSeconds,
    });
  }
}
