import {
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import {
  JsonObject,
  JsonValue,
  LoadedGoldenPath,
  goldenPathReadPermission,
  goldenPathRunPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import express, { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { AccessControl } from '../access/types';
import { DefinitionRegistry } from '../definitions';
import { unknownGoldenPath } from '../deployments/prepareRun';
import { IdempotentRequests, readListQuery, readQuery } from '../http';
import { listPage } from '../http/listPage';
import { readBody } from '../http/readBody';
import { prioritySchema } from '../runs/priority';
import { fileSourcesSchema } from '../score/fileSourcesSchema';
import { GoldenPathRuns } from './GoldenPathRuns';
import { goldenPathSubject, toGoldenPaths } from './goldenPathViews';

const BODY_LIMIT = '2mb';

const json: z.ZodType<JsonValue> = z.json();
const parameters: z.ZodType<JsonObject> = z.record(z.string(), json);

const runSchema = z.strictObject({
  parameters: parameters.optional(),
  environment: z.string().max(63).optional(),
  score: z.string().optional(),
  sources: fileSourcesSchema.optional(),
  entityRef: z.string().max(255).optional(),
  priority: prioritySchema.optional(),
});

export interface GoldenPathsRouterOptions {
  registry: DefinitionRegistry;
  goldenPathRuns: GoldenPathRuns;
  access: AccessControl;
  httpAuth: HttpAuthService;
  idempotency: IdempotentRequests;
}

/** Routes below `/golden-paths`. */
export function createGoldenPathsRouter(
  options: GoldenPathsRouterOptions,
): Router {
  const { registry, goldenPathRuns, access, httpAuth, idempotency } = options;
  const router = PromiseRouter();

  const signIn = (request: Request): Promise<BackstageCredentials> =>
    httpAuth.credentials(request, { allow: ['user', 'service'] });

  const find = (name: string): LoadedGoldenPath => {
    const goldenPath = registry.goldenPath(name);
    if (!goldenPath) {
      throw unknownGoldenPath(name);
    }
    return goldenPath;
  };

  router.get('/golden-paths', async (request, response) => {
    const credentials = await signIn(request);
    const { filter, ...query } = readListQuery(request, {
      filters: {
        category: undefined,
        tag: undefined,
        owner: undefined,
        name: undefined,
      },
      sorts: ['name', '-name'],
    });
    const all = registry
      .goldenPaths()
      .filter(
        ({ metadata }) =>
          (!filter.name || filter.name.includes(metadata.name)) &&
          (!filter.category ||
            filter.category.includes(metadata.category ?? '')) &&
          (!filter.owner || filter.owner.includes(metadata.owner ?? '')) &&
          (!filter.tag || metadata.tags.some(tag => filter.tag?.includes(tag))),
      )
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    const answers = await access.check(
      credentials,
      all.map(goldenPath => ({
        permission: goldenPathReadPermission,
        subject: goldenPathSubject(goldenPath),
      })),
    );
    const seen = all.filter((_, index) => answers[index].allowed);
    const page = listPage(query.sort === 'name' ? seen : seen.reverse(), {
      ...query,
      nameOf: goldenPath => goldenPath.metadata.name,
    });
    response.json({
      ...page,
      items: await toGoldenPaths(page.items, { access, credentials }),
    });
  });

  router.get('/golden-paths/:name', async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const goldenPath = find(request.params.name);
    await access.require(credentials, {
      permission: goldenPathReadPermission,
      subject: goldenPathSubject(goldenPath),
      name: `golden path "${request.params.name}"`,
    });
    const [item] = await toGoldenPaths([goldenPath], { access, credentials });
    response.json(item);
  });

  router.post(
    '/golden-paths/:name/runs',
    express.json({ limit: BODY_LIMIT }),
    async (request, response) => {
      const credentials = await signIn(request);
      readQuery(request, []);
      const { name } = request.params;
      const goldenPath = find(name);
      await access.require(credentials, {
        permission: goldenPathRunPermission,
        readPermission: goldenPathReadPermission,
        subject: goldenPathSubject(goldenPath),
        name: `golden path "${name}"`,
      });
      const body = readBody(runSchema, request.body);
      const answer = await idempotency.handle(
        {
          key: request.header('Idempotency-Key'),
          principal: access.initiator(credentials),
          route: `POST /golden-paths/${name}/runs`,
          body: request.body,
        },
        async ({ id }) => {
          const run = await goldenPathRuns.start({
            goldenPath,
            request: body,
            credentials,
            id,
          });
          return {
            status: 202,
            headers: { Location: `${request.baseUrl}/runs/${run.id}` },
            body: run,
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
