import { AuditorService, HttpAuthService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { BasicPermission } from '@backstage/plugin-permission-common';
import {
  providerReadPermission,
  providerRefreshPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { AccessControl } from '../access/types';
import { audited } from '../audit';
import { DefinitionRegistry } from '../definitions';
import { readListQuery, readQuery } from '../http';
import { listPage } from '../http/listPage';
import { RefreshRequests } from '../locations';
import { providerSummaries } from './providerSummaries';

export interface ProvidersRouterOptions {
  registry: DefinitionRegistry;
  refreshRequests: RefreshRequests;
  access: AccessControl;
  auditor: AuditorService;
  httpAuth: HttpAuthService;
}

/** Routes below `/providers`. */
export function createProvidersRouter(options: ProvidersRouterOptions): Router {
  const { registry, access, httpAuth } = options;
  const router = PromiseRouter();

  const authorize = async (
    request: Request,
    permission: BasicPermission = providerReadPermission,
  ): Promise<void> => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    await access.require(credentials, {
      permission,
      name: 'providers',
    });
  };

  router.get('/providers', async (request, response) => {
    await authorize(request);
    const { filter, ...query } = readListQuery(request, {
      filters: { type: undefined, name: undefined },
      sorts: ['name', '-name'],
    });
    const found = providerSummaries(registry).filter(
      provider =>
        (!filter.name || filter.name.includes(provider.name)) &&
        (!filter.type ||
          provider.resourceTypes.some(item =>
            [item.type, ...item.aliases].some(type =>
              filter.type?.includes(type),
            ),
          )),
    );
    response.json(
      listPage(query.sort === 'name' ? found : found.reverse(), {
        ...query,
        nameOf: provider => provider.name,
      }),
    );
  });

  router.post('/providers/refresh', async (request, response) => {
    await audited(
      options.auditor,
      {
        eventId: 'definitions-refresh',
        severityLevel: 'medium',
        request,
        meta: {},
      },
      async () => {
        await authorize(request, providerRefreshPermission);
        readQuery(request, []);
        await options.refreshRequests.request({});
      },
    );
    const problems = registry.problems().flatMap(item => item.diagnostics);
    response.json({
      providers: registry.providers().length,
      goldenPaths: registry.goldenPaths().length,
      environments: registry.environments().length,
      problems,
    });
  });

  router.get('/providers/:name', async (request, response) => {
    await authorize(request);
    readQuery(request, []);
    const { name } = request.params;
    const provider = providerSummaries(registry).find(
      item => item.name === name,
    );
    if (!provider) {
      throw new NotFoundError(`There is no provider "${name}"`);
    }
    response.json(provider);
  });

  return router;
}
