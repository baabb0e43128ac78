import {
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { applicationReadPermission } from '@innominatus/backstage-plugin-innominatus-common';
import express, { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { AccessControl } from '../access/types';
import { IdempotentRequests, readListQuery, readQuery } from '../http';
import { DeploymentService } from './DeploymentService';
import { DeploymentViews } from './DeploymentViews';
import { readPlanRequest } from './request';
import { DeploymentStore } from './types';

const BODY_LIMIT = '2mb';

export interface DeploymentsRouterOptions {
  service: DeploymentService;
  store: DeploymentStore;
  views: DeploymentViews;
  access: AccessControl;
  httpAuth: HttpAuthService;
  idempotency: IdempotentRequests;
}

/** Routes for plans and deployments. Errors are left to the middleware behind. */
export function createDeploymentsRouter(
  options: DeploymentsRouterOptions,
): Router {
  const { service, store, views, access, httpAuth, idempotency } = options;
  const router = PromiseRouter();
  const body = express.json({ limit: BODY_LIMIT });
  const signIn = (request: Request): Promise<BackstageCredentials> =>
    httpAuth.credentials(request, { allow: ['user', 'service'] });

  router.post(
    '/applications/:environment/:name/plans',
    body,
    async (request, response) => {
      const credentials = await signIn(request);
      readQuery(request, []);
      const { environment, name } = request.params;
      const plan = await service.plan({
        environment,
        name,
        request: readPlanRequest(request.body),
        credentials,
      });
      response
        .status(201)
        .location(`${request.baseUrl}/plans/${plan.id}`)
        .json(plan);
    },
  );

  router.get('/plans/:id', async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    response.json(await service.getPlan(request.params.id, credentials));
  });

  router.post(
    '/applications/:environment/:name/deployments',
    body,
    async (request, response) => {
      const credentials = await signIn(request);
      readQuery(request, []);
      const { environment, name } = request.params;
      const deployment = readPlanRequest(request.body);
      const answer = await idempotency.handle(
        {
          key: request.header('Idempotency-Key'),
          principal: access.initiator(credentials),
          route: `POST /applications/${environment}/${name}/deployments`,
          body: request.body,
        },
        async ({ id }) => {
          const record = await service.deploy({
            environment,
            name,
            request: deployment,
            credentials,
            id,
          });
          return {
            status: 202,
            headers: {
              Location: `${request.baseUrl}/deployments/${record.id}`,
            },
            body: await views.toSummary(record),
          };
        },
      );
      response
        .status(answer.status)
        .set(answer.headers ?? {})
        .json(answer.body);
    },
  );

  router.get('/deployments', async (request, response) => {
    const credentials = await signIn(request);
    const { fields, extra, ...query } = readListQuery(request, {
      filters: {
        environment: undefined,
        name: undefined,
        status: ['pending', 'running', 'succeeded', 'failed', 'cancelled'],
        action: undefined,
      },
      sorts: ['-createdAt', 'createdAt'],
    });
    const restrict = await access.filter(credentials, {
      permission: applicationReadPermission,
      columns: {
        owner: 'owner',
        environment: 'environment',
        environmentType: 'environment_type',
      },
    });
    const page = await store.list({ ...query, restrict });
    const items = await views.toSummaries(page.items);
    response.json({
      ...page,
      items: items.map(({ runStatus, ...item }) => item),
    });
  });

  router.get('/deployments/:id', async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const { id } = request.params;
    const record = await store.get(id);
    if (!record) {
      throw new NotFoundError(`There is no deployment "${id}"`);
    }
    await access.require(credentials, {
      permission: applicationReadPermission,
      subject: record,
      name: `deployment "${id}"`,
    });
    response.json(await views.toSummary(record));
  });

  return router;
}
