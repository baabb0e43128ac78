import {
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { ApprovalState } from '@innominatus/backstage-plugin-innominatus-common';
import express, { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { AccessControl } from '../access/types';
import {
  IdempotentRequests,
  pickFields,
  readListQuery,
  readQuery,
} from '../http';
import { readBody } from '../http/readBody';
import { ApprovalDecisions } from './ApprovalDecisions';
import { ApprovalViews } from './ApprovalViews';

const BODY_LIMIT = '64kb';
const LONGEST_REASON = 500;

const FIELDS = [
  'id',
  'kind',
  'state',
  'run',
  'step',
  'attempt',
  'deployment',
  'plan',
  'application',
  'requester',
  'approvers',
  'quorum',
  'missing',
  'allowRequester',
  'reasonRequired',
  'message',
  'decisions',
  'requestedAt',
  'expiresAt',
  'decidedAt',
  'allowedActions',
] as const;

const decisionSchema = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  reason: z.string().max(LONGEST_REASON).optional(),
  planHash: z.string().max(200).optional(),
});

export interface ApprovalsRouterOptions {
  decisions: ApprovalDecisions;
  views: ApprovalViews;
  access: AccessControl;
  httpAuth: HttpAuthService;
  idempotency: IdempotentRequests;
}

/** Routes below `/approvals`. Errors are left to the error middleware behind it. */
export function createApprovalsRouter(options: ApprovalsRouterOptions): Router {
  const { decisions, views, access, httpAuth, idempotency } = options;
  const router = PromiseRouter();

  const signIn = (request: Request): Promise<BackstageCredentials> =>
    httpAuth.credentials(request, { allow: ['user', 'service'] });

  router.get('/approvals', async (request, response) => {
    const credentials = await signIn(request);
    const { extra, fields, ...query } = readListQuery(request, {
      filters: {
        state: Object.values(ApprovalState),
        run: undefined,
        environment: undefined,
        application: undefined,
        approver: ['me'],
      },
      sorts: ['-requestedAt', 'requestedAt'],
      fields: FIELDS,
    });
    const { approver, ...filter } = query.filter;
    const page = await views.list(credentials, {
      ...query,
      filter: { ...filter, state: filter.state as ApprovalState[] | undefined },
      onlyMine: approver !== undefined,
    });
    response.json({
      ...page,
      items: page.items.map(item => pickFields(item, fields)),
    });
  });

  router.get('/approvals/:id', async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const record = await decisions.requireRead(credentials, request.params.id);
    const [approval] = await views.see(credentials, [record]);
    response.json(approval);
  });

  router.post(
    '/approvals/:id/decisions',
    express.json({ limit: BODY_LIMIT }),
    async (request, response) => {
      const credentials = await signIn(request);
      readQuery(request, []);
      const { id } = request.params;
      const record = await decisions.requireDecide(credentials, id, request);
      const body = readBody(decisionSchema, request.body);
      if (body.planHash !== undefined && record.approval.kind !== 'plan') {
        throw new InputError(
          'The field "planHash" is for approvals of a plan. This approval is about a step of a run; leave the field out.',
        );
      }
      const answer = await idempotency.handle(
        {
          key: request.header('Idempotency-Key'),
          principal: access.initiator(credentials),
          route: `POST /approvals/${id}/decisions`,
          body: request.body,
        },
        async ({ id: signalId }) => {
          const decided = await decisions.decide({
            credentials,
            record,
            request: body,
            signalId,
            httpRequest: request,
          });
          const [approval] = await views.see(credentials, [decided]);
          return {
            status: 202,
            headers: {
              Location: `${request.baseUrl}/approvals/${encodeURIComponent(id)}`,
            },
            body: approval,
          };
        },
      );
      response
        .status(answer.status)
        .set(answer.headers ?? {})
        .json(answer.body);
    },
  );

  return router;
}
