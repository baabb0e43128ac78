import { AuditorService, HttpAuthService } from '@backstage/backend-plugin-api';
import { environmentReadPermission } from '@innominatus/backstage-plugin-innominatus-common';
import { Response, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { AccessControl } from '../access/types';
import { IdempotentRequests, readListQuery, readQuery } from '../http';
import { listPage } from '../http/listPage';
import { EnvironmentService } from './EnvironmentService';
import { environmentSubject, withAllowedActions } from './EnvironmentViews';
import { addEnvironmentChanges } from './changeRoutes';

export interface EnvironmentsRouterOptions {
  environments: EnvironmentService;
  access: AccessControl;
  auditor: AuditorService;
  httpAuth: HttpAuthService;
  idempotency: IdempotentRequests;
}

/** Routes below `/environments`. */
export function createEnvironmentsRouter(
  options: EnvironmentsRouterOptions,
): Router {
  const { environments, access, httpAuth } = options;
  const router = PromiseRouter();

  router.get('/environments', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const { filter, ...query } = readListQuery(request, {
      filters: { type: undefined, name: undefined, copyOf: undefined },
      sorts: ['order', '-order'],
    });
    const all = (await environments.list()).filter(
      item =>
        (!filter.type || filter.type.includes(item.type)) &&
        (!filter.name || filter.name.includes(item.name)) &&
        (!filter.copyOf ||
          filter.copyOf.includes(item.copyOf?.environment ?? '')),
    );
    const answers = await access.check(
      credentials,
      all.map(item => ({
        permission: environmentReadPermission,
        subject: environmentSubject(item),
      })),
    );
    const seen = all.filter((_, index) => answers[index].allowed);
    const page = listPage(query.sort === 'order' ? seen : seen.reverse(), {
      ...query,
      nameOf: item => item.name,
    });
    response.json({
      ...page,
      items: await withAllowedActions(page.items, {
        environments,
        access,
        credentials,
      }),
    });
  });

  router.get('/environments/:name', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    readQuery(request, []);
    const { name } = request.params;
    const { environment, version } = await environments.get(name);
    await access.require(credentials, {
      permission: environmentReadPermission,
      subject: environmentSubject(environment),
      name: `environment "${name}"`,
    });
    setVersion(response, version);
    const [shown] = await withAllowedActions([environment], {
      environments,
      access,
      credentials,
    });
    response.json(shown);
  });

  addEnvironmentChanges(router, options);
  return router;
}

/** What a file defines has no version that somebody could change. */
function setVersion(response: Response, version: number | undefined): void {
  if (version !== undefined) {
    response.setHeader('ETag', `"${version}"`);
  }
}
