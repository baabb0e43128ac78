import {
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import { applicationReadPermission } from '@innominatus/backstage-plugin-innominatus-common';
import express, { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { AccessControl } from '../access/types';
import { ApplicationRecord, ApplicationStore } from '../applications/types';
import { IdempotentRequests, readListQuery, readQuery } from '../http';
import { readBody } from '../http/readBody';
import { ApplicationDiffs } from './ApplicationDiffs';
import { DeploymentRecoveries } from './DeploymentRecovery';
import { DeploymentService } from './DeploymentService';
import { DeploymentViews } from './DeploymentViews';
import { freezeReasonSchema, readPlanRequest } from './request';
import { DeploymentRecord, DeploymentStore } from './types';

const BODY_LIMIT = '2mb';

const undoSchema = z.strictObject({
  planHash: z.string().max(128).optional(),
  overrideFreeze: freezeReasonSchema,
});
const cancelSchema = z.strictObject({ reason: z.string().max(500).optional() });

export interface DeploymentsRouterOptions {
  service: DeploymentService;
  store: DeploymentStore;
  views: DeploymentViews;
  recoveries: DeploymentRecoveries;
  diffs: ApplicationDiffs;
  applications: Pick<ApplicationStore, 'find'>;
  access: AccessControl;
  httpAuth: HttpAuthService;
  idempotency: IdempotentRequests;
}

/** Routes for plans and deployments. Errors are left to the middleware behind. */
export function createDeploymentsRouter(
  options: DeploymentsRouterOptions,
): Router {
  const { service, store, views, recoveries, diffs } = options;
  const { access, httpAuth, idempotency } = options;
  const router = PromiseRouter();
  const body = express.json({ limit: BODY_LIMIT });
  const signIn = (request: Request): Promise<BackstageCredentials> =>
    httpAuth.credentials(request, { allow: ['user', 'service'] });

  /** The deployment, once it is clear that the caller may read it. */
  const read = async (
    id: string,
    credentials: BackstageCredentials,
  ): Promise<DeploymentRecord> => {
    const record = await store.get(id);
    if (!record) {
      throw new NotFoundError(`There is no deployment "${id}"`);
    }
    await access.require(credentials, {
      permission: applicationReadPermission,
      subject: record,
      name: `deployment "${id}"`,
    });
    return record;
  };

  const readApplication = async (
    key: { environment: string; name: string },
    credentials: BackstageCredentials,
  ): Promise<ApplicationRecord> => {
    const label = `application "${key.environment}/${key.name}"`;
    const application = await options.applications.find(key);
    if (!application || application.deletedAt !== undefined) {
      throw new NotFoundError(`There is no ${label}`);
    }
    await access.require(credentials, {
      permission: applicationReadPermission,
      subject: application,
      name: label,
    });
    return application;
  };

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
            httpRequest: request,
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
    const record = await read(request.params.id, credentials);
    const recovery = await recoveries.find(record, credentials);
    response.json({ ...(await views.toSummary(record)), recovery });
  });

  router.post('/deployments/:id/undo', body, async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const record = await read(request.params.id, credentials);
    const asked = readBody(undoSchema, request.body ?? {});
    const answer = await idempotency.handle(
      {
        key: request.header('Idempotency-Key'),
        principal: access.initiator(credentials),
        route: `POST /deployments/${record.id}/undo`,
        body: request.body,
      },
      async ({ id }) => {
        const undo = await service.undo(record, {
          ...asked,
          credentials,
          id,
          httpRequest: request,
        });
        return {
          status: 202,
          headers: { Location: `${request.baseUrl}/deployments/${undo.id}` },
          body: await views.toSummary(undo),
        };
      },
    );
    response
      .status(answer.status)
      .set(answer.headers ?? {})
      .json(answer.body);
  });

  router.post('/deployments/:id/cancel', body, async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const record = await read(request.params.id, credentials);
    const { reason } = readBody(cancelSchema, request.body ?? {});
    await service.withdraw(record, {
      reason,
      credentials,
      httpRequest: request,
    });
    const after = await store.get(record.id);
    response.json(await views.toSummary(after ?? record));
  });

  router.get(
    '/applications/:environment/:name/diff',
    async (request, response) => {
      const credentials = await signIn(request);
      const other = readQuery(request, ['with']).get('with') ?? '';
      const [environment, name, ...rest] = other.split('/');
      if (!environment || !name || rest.length > 0) {
        throw new InputError(
          `The query parameter "with" is "${other}". Expected another application, for example with=production/orders.`,
        );
      }
      const from = await readApplication(request.params, credentials);
      const to = await readApplication({ environment, name }, credentials);
      response.json(await diffs.compare(from, to));
    },
  );

  return router;
}
