import {
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  Application,
  applicationReadPermission,
  readScore,
  resourceReadPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { AccessControl } from '../access/types';
import { toTimestamp } from '../database';
import { pickFields, readInteger, readListQuery, readQuery } from '../http';
import { toResource } from '../resources/toResource';
import { ResourceWaits } from '../resources/ResourceWaits';
import { ResourceRecord, ResourceStore } from '../resources/types';
import { ApplicationViews } from './ApplicationViews';
import { applicationGraph } from './applicationGraph';
import { ApplicationRecord, ApplicationStore } from './types';

const STATUSES = [
  'none',
  'pending',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'cancelled',
];

const FIELDS = [
  'environment',
  'environmentType',
  'name',
  'entityRef',
  'owner',
  'revision',
  'version',
  'status',
  'lastDeployment',
  'health',
  'createdAt',
  'updatedAt',
  'allowedActions',
];

const MAX_REVISIONS = 200;

export interface ApplicationsRouterOptions {
  store: ApplicationStore;
  resources: ResourceStore;
  resourceWaits: Pick<ResourceWaits, 'of'>;
  views: ApplicationViews;
  access: AccessControl;
  httpAuth: HttpAuthService;
}

/** Routes below `/applications`. Errors are left to the middleware behind. */
export function createApplicationsRouter(
  options: ApplicationsRouterOptions,
): Router {
  const { store, resources, views, access, httpAuth } = options;
  const router = PromiseRouter();

  const signIn = (request: Request): Promise<BackstageCredentials> =>
    httpAuth.credentials(request, { allow: ['user', 'service'] });

  /** The application, once it is clear that the caller may read it. */
  const read = async (
    request: Request,
  ): Promise<{
    application: ApplicationRecord;
    credentials: BackstageCredentials;
  }> => {
    const credentials = await signIn(request);
    const { environment, name } = request.params;
    const label = `application "${environment}/${name}"`;
    const application = await store.find({ environment, name });
    if (!application || application.deletedAt !== undefined) {
      throw new NotFoundError(`There is no ${label}`);
    }
    await access.require(credentials, {
      permission: applicationReadPermission,
      subject: application,
      name: label,
    });
    return { application, credentials };
  };

  const resourcesOf = async (
    application: ApplicationRecord,
    credentials: BackstageCredentials,
  ): Promise<ResourceRecord[]> => {
    const records = await resources.listUsedBy({
      environment: application.environment,
      workload: application.name,
    });
    const answers = await access.check(
      credentials,
      records.map(subject => ({ permission: resourceReadPermission, subject })),
    );
    return records.filter((_, index) => answers[index].allowed);
  };

  const scoreOf = async (
    application: ApplicationRecord,
  ): Promise<string | undefined> => {
    const [latest] =
      application.revision === undefined
        ? await store.revisions({ applicationId: application.id, limit: 1 })
        : [];
    const revision =
      latest ??
      (await store.revision({
        applicationId: application.id,
        number: application.revision ?? 0,
      }));
    return revision?.score;
  };

  router.get('/applications', async (request, response) => {
    const credentials = await signIn(request);
    const { fields, extra, ...query } = readListQuery(request, {
      filters: {
        environment: undefined,
        name: undefined,
        entityRef: undefined,
        owner: undefined,
        status: STATUSES,
      },
      sorts: ['name', '-name', 'updatedAt', '-updatedAt'],
      fields: FIELDS,
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
    const items = await views.toSummaries(page.items, credentials);
    response.json({
      ...page,
      items: items.map(item => pickFields(item, fields)),
    });
  });

  const toResources = async (records: ResourceRecord[]) => {
    const waiting = await options.resourceWaits.of(records);
    return records.map(record => toResource(record, waiting.get(record.id)));
  };

  router.get('/applications/:environment/:name', async (request, response) => {
    const { application, credentials } = await read(request);
    readQuery(request, []);
    const [summary] = await views.toSummaries([application], credentials);
    const body: Application = {
      ...summary,
      score: await scoreOf(application),
      resources: await toResources(await resourcesOf(application, credentials)),
    };
    response.json(body);
  });

  router.get(
    '/applications/:environment/:name/resources',
    async (request, response) => {
      const { application, credentials } = await read(request);
      readQuery(request, []);
      const items = await resourcesOf(application, credentials);
      response.json({ items: await toResources(items) });
    },
  );

  router.get(
    '/applications/:environment/:name/revisions',
    async (request, response) => {
      const { application } = await read(request);
      const query = readQuery(request, ['limit', 'before']);
      const limit =
        readInteger(query, 'limit', { min: 1, max: MAX_REVISIONS }) ?? 50;
      const items = await store.revisions({
        applicationId: application.id,
        limit,
        before: readInteger(query, 'before', {
          min: 1,
          max: Number.MAX_SAFE_INTEGER,
        }),
      });
      response.json({
        items: items.map(({ createdAt, scoreHash, ...item }) => ({
          ...item,
          current: item.number === application.revision,
          createdAt: toTimestamp(createdAt),
        })),
      });
    },
  );

  router.get(
    '/applications/:environment/:name/graph',
    async (request, response) => {
      const { application, credentials } = await read(request);
      readQuery(request, []);
      const score = await scoreOf(application);
      const workload =
        score === undefined ? undefined : readScore(score).workload;
      response.json(
        workload
          ? applicationGraph(
              workload,
              await resourcesOf(application, credentials),
            )
          : { nodes: [], edges: [] },
      );
    },
  );

  return router;
}
