import {
  AuditorService,
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import express, { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { AccessControl } from '../../access/types';
import { audited, startedRun } from '../../audit';
import { ApprovalViews } from '../../approvals/ApprovalViews';
import { IdempotentRequests, readQuery } from '../../http';
import { readBody } from '../../http/readBody';
import { RunStore } from '../RunStore';
import { RunService } from '../types';
import { RunViews } from '../RunViews';
import { FollowUpRuns } from './FollowUpRuns';

const BODY_LIMIT = '256kb';
const MOST_STEPS = 1000;
const LONGEST_NAME = 255;

const undoSchema = z.strictObject({
  previewVersion: z.string().min(1).max(64),
  acknowledge: z.array(z.string().max(LONGEST_NAME)).max(MOST_STEPS).optional(),
});
const retrySchema = undoSchema.extend({
  from: z.string().min(1).max(LONGEST_NAME).optional(),
});

export interface FollowUpsRouterOptions {
  followUps: FollowUpRuns;
  runs: RunService;
  approvals: Pick<ApprovalViews, 'addToRun'>;
  store: RunStore;
  access: AccessControl;
  auditor: AuditorService;
  httpAuth: HttpAuthService;
  idempotency: IdempotentRequests;
}

/** Routes that retry and undo runs. Errors are left to the middleware behind. */
export function createFollowUpsRouter(options: FollowUpsRouterOptions): Router {
  const { followUps, access, auditor, httpAuth, idempotency } = options;
  const views = RunViews.create(options);
  const router = PromiseRouter();
  const body = express.json({ limit: BODY_LIMIT });
  const signIn = (request: Request): Promise<BackstageCredentials> =>
    httpAuth.credentials(request, { allow: ['user', 'service'] });

  router.get('/runs/:id/retry-preview', async (request, response) => {
    const credentials = await signIn(request);
    const from = readQuery(request, ['from']).get('from');
    const { id } = await views.requireControl(credentials, request.params.id);
    response.json(await followUps.previewRetry({ id, from, credentials }));
  });

  router.get('/runs/:id/undo-preview', async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const { id } = await views.requireControl(credentials, request.params.id);
    response.json(await followUps.previewUndo({ id, credentials }));
  });

  for (const { verb, schema } of [
    { verb: 'retry', schema: retrySchema },
    { verb: 'undo', schema: undoSchema },
  ] as const) {
    router.post(`/runs/:id/${verb}`, body, async (request, response) => {
      const credentials = await signIn(request);
      readQuery(request, []);
      const asked = readBody(schema, request.body);
      const initiator = access.initiator(credentials);
      const carryOut = async () => {
        const { id } = await views.requireControl(
          credentials,
          request.params.id,
        );
        return idempotency.handle(
          {
            key: request.header('Idempotency-Key'),
            principal: initiator,
            route: `POST /runs/${id}/${verb}`,
            body: request.body,
          },
          async ({ id: runId }) => {
            const run = await followUps[verb]({
              id,
              request: asked,
              credentials,
              initiator,
              runId,
            });
            return {
              status: 202,
              headers: { Location: `${request.baseUrl}/runs/${run.id}` },
              body: await views.getSummary(credentials, run.id),
            };
          },
        );
      };
      const answer = await audited(
        auditor,
        {
          eventId: `run-${verb}`,
          severityLevel: 'medium',
          request,
          meta: { run: request.params.id, acknowledge: asked.acknowledge },
        },
        carryOut,
        startedRun,
      );
      response
        .status(answer.status)
        .set(answer.headers ?? {})
        .json(answer.body);
    });
  }

  return router;
}
