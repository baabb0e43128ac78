import { HttpAuthService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  Environment,
  environmentReadPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { AccessControl, AccessSubject } from '../access/types';
import { DefinitionRegistry } from '../definitions';
import { readListQuery, readQuery } from '../http';
import { listPage } from '../http/listPage';

export interface EnvironmentsRouterOptions {
  registry: DefinitionRegistry;
  access: AccessControl;
  httpAuth: HttpAuthService;
}

/** Routes below `/environments`. */
export function createEnvironmentsRouter(
  options: EnvironmentsRouterOptions,
): Router {
  const { registry, access, httpAuth } = options;
  const router = PromiseRouter();

  router.get('/environments', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const { filter, ...query } = readListQuery(request, {
      filters: { type: undefined, name: undefined },
      sorts: ['order', '-order'],
    });
    const all = registry
      .environments()
      .filter(
        item =>
          (!filter.type || filter.type.includes(item.type)) &&
          (!filter.name || filter.name.includes(item.name)),
      );
    const answers = await access.check(
      credentials,
      all.map(item => ({
        permission: environmentReadPermission,
        subject: subjectOf(item),
      })),
    );
    const seen = all.filter((_, index) => answers[index].allowed);
    response.json(
      listPage(query.sort === 'order' ? seen : seen.reverse(), {
        ...query,
        nameOf: item => item.name,
      }),
    );
  });

  router.get('/environments/:name', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    readQuery(request, []);
    const name = `environment "${request.params.name}"`;
    const environment = registry.environment(request.params.name);
    if (!environment) {
      throw new NotFoundError(`There is no ${name}`);
    }
    await access.require(credentials, {
      permission: environmentReadPermission,
      subject: subjectOf(environment),
      name,
    });
    response.json(environment);
  });

  return router;
}

function subjectOf(environment: Environment): AccessSubject {
  return { environment: environment.name, environmentType: environment.type };
}
