import {
  AuditorService,
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  ResourceManagement,
  resourceCheckPermission,
  resourceReadPermission,
  resourceRevealPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Permission } from '@backstage/plugin-permission-common';
import express, { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { AccessControl } from '../access/types';
import { refusalAudited } from '../audit';
import { z } from 'zod';
import { HealthService, HealthStore } from '../health';
import { pickFields, readInteger, readListQuery, readQuery } from '../http';
import { readBody } from '../http/readBody';
import { ResourceReveals } from './ResourceReveals';
import { ResourceWaits } from './ResourceWaits';
import { toResource } from './toResource';
import { ResourceRecord, ResourceStore } from './types';

const STATES = [
  'requested',
  'provisioning',
  'active',
  'updating',
  'degraded',
  'terminating',
  'terminated',
  'failed',
];

const FIELDS = [
  'id',
  'uid',
  'name',
  'type',
  'class',
  'environment',
  'workload',
  'shared',
  'management',
  'state',
  'provider',
  'params',
  'outputs',
  'hints',
  'error',
  'waitingFor',
  'health',
  'drift',
  'createdAt',
  'updatedAt',
  'runId',
];

const revealSchema = z.strictObject({
  output: z.string().min(1).max(63),
  reason: z.string().trim().min(3).max(500),
});

const MAX_HISTORY = 200;

export interface ResourcesRouterOptions {
  store: ResourceStore;
  health: Pick<HealthService, 'checkNow'>;
  healthStore: Pick<HealthStore, 'history'>;
  reveals: ResourceReveals;
  waits: Pick<ResourceWaits, 'of'>;
  access: AccessControl;
  auditor: AuditorService;
  httpAuth: HttpAuthService;
}

/** Routes below `/resources`. Errors are left to the middleware behind. */
export function createResourcesRouter(options: ResourcesRouterOptions): Router {
  const { store, health, healthStore, reveals, waits } = options;
  const { access, auditor, httpAuth } = options;
  const router = PromiseRouter();

  const signIn = (request: Request): Promise<BackstageCredentials> =>
    httpAuth.credentials(request, { allow: ['user', 'service'] });

  const read = async (
    request: Request,
    permission: Permission = resourceReadPermission,
  ): Promise<ResourceRecord> => {
    const credentials = await signIn(request);
    const name = `resource "${request.params.id}"`;
    const record = await store.get(request.params.id);
    if (!record) {
      throw new NotFoundError(`There is no ${name}`);
    }
    await access.require(credentials, {
      permission,
      readPermission: resourceReadPermission,
      subject: record,
      name,
    });
    return record;
  };

  router.get('/resources', async (request, response) => {
    const credentials = await signIn(request);
    const { fields, extra, ...query } = readListQuery(request, {
      filters: {
        environment: undefined,
        workload: undefined,
        type: undefined,
        state: STATES,
        management: Object.values(ResourceManagement),
        name: undefined,
        uid: undefined,
      },
      sorts: ['-updatedAt', 'updatedAt', '-createdAt', 'createdAt'],
      fields: FIELDS,
    });
    const restrict = await access.filter(credentials, {
      permission: resourceReadPermission,
      columns: {
        owner: 'owner',
        environment: 'environment',
        environmentType: 'environment_type',
      },
    });
    const page = await store.list({ ...query, restrict });
    const waiting = await waits.of(page.items);
    response.json({
      ...page,
      items: page.items.map(item =>
        pickFields(toResource(item, waiting.get(item.id)), fields),
      ),
    });
  });

  router.get('/resources/:id', async (request, response) => {
    const record = await read(request);
    readQuery(request, []);
    const waiting = await waits.of([record]);
    response.json(toResource(record, waiting.get(record.id)));
  });

  router.get('/resources/:id/transitions', async (request, response) => {
    const record = await read(request);
    readQuery(request, []);
    response.json({ items: await store.transitions(record.id) });
  });

  router.get('/resources/:id/health', async (request, response) => {
    const record = await read(request);
    const query = readQuery(request, ['limit']);
    const limit =
      readInteger(query, 'limit', { min: 1, max: MAX_HISTORY }) ?? 50;
    response.json({
      current: toResource(record).health,
      items: await healthStore.history({ id: record.id, limit }),
    });
  });

  router.post('/resources/:id/health-check', async (request, response) => {
    const record = await read(request, resourceCheckPermission);
    readQuery(request, []);
    await health.checkNow(record);
    const after = (await store.get(record.id)) ?? record;
    response.json({ state: after.state, health: toResource(after).health });
  });

  router.post(
    '/resources/:id/reveal',
    express.json({ limit: '16kb' }),
    async (request, response) => {
      // People only: somebody has to answer for the reason.
      const credentials = await httpAuth.credentials(request, {
        allow: ['user'],
      });
      readQuery(request, []);
      const { id } = request.params;
      const name = `resource "${id}"`;
      const record = await store.get(id);
      if (!record) {
        throw new NotFoundError(`There is no ${name}`);
      }
      const asked = readBody(revealSchema, request.body);
      await refusalAudited(
        auditor,
        {
          eventId: 'resource-reveal',
          severityLevel: 'high',
          request,
          meta: { resourceId: record.id, uid: record.uid, ...asked },
        },
        () =>
          access.require(credentials, {
            permission: resourceRevealPermission,
            readPermission: resourceReadPermission,
            subject: record,
            name,
          }),
      );
      const revealed = await reveals.reveal({
        ...asked,
        record,
        by: access.initiator(credentials),
        request,
      });
      response.set('Cache-Control', 'no-store').json(revealed);
    },
  );

  return router;
}
