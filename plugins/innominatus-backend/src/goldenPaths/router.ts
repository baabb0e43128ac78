import {
  AuditorService,
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
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
import { audited, refusalAudited, startedRun } from '../audit';
import { DefinitionRegistry } from '../definitions';
import { unknownGoldenPath } from '../deployments/prepareRun';
import { freezeReasonSchema, scoreChanges } from '../deployments/request';
import { IdempotentRequests, readListQuery, readQuery } from '../http';
import { listPage } from '../http/listPage';
import { readBody } from '../http/readBody';
import { prioritySchema } from '../runs/priority';
import { fileSourcesSchema } from '../score/fileSourcesSchema';
import { GoldenPathRuns } from './GoldenPathRuns';
import { goldenPathEntries } from './goldenPathEntries';
import {
  entrySubject,
  goldenPathSubject,
  needsApplication,
  toGoldenPaths,
} from './goldenPathViews';

const BODY_LIMIT = '2mb';

const json: z.ZodType<JsonValue> = z.json();
const parameters: z.ZodType<JsonObject> = z.record(z.string(), json);

const runSchema = z.strictObject({
  parameters: parameters.optional(),
  environment: z.string().max(63).optional(),
  score: z.string().optional(),
  sources: fileSourcesSchema.optional(),
  entityRef: z.string().max(255).optional(),
  ...scoreChanges,
  overrideFreeze: freezeReasonSchema,
  priority: prioritySchema.optional(),
});

export interface GoldenPathsRouterOptions {
  registry: DefinitionRegistry;
  goldenPathRuns: GoldenPathRuns;
  access: AccessControl;
  auditor: AuditorService;
  httpAuth: HttpAuthService;
  idempotency: IdempotentRequests;
}

/** Routes below `/golden-paths`. */
export function createGoldenPathsRouter(
  options: GoldenPathsRouterOptions,
): Router {
  const { registry, goldenPathRuns, access, auditor, httpAuth, idempotency } =
    options;
  const router = PromiseRouter();

  const signIn = (request: Request): Promise<BackstageCredentials> =>
    httpAuth.credentials(request, { allow: ['user', 'service'] });

  const find = async (
    credentials: BackstageCredentials,
    name: string,
  ): Promise<LoadedGoldenPath> => {
    const entry = goldenPathEntries(registry).find(item => item.name === name);
    if (entry && !entry.goldenPath) {
      await access.require(credentials, {
        permission: goldenPathReadPermission,
        subject: entrySubject(entry),
        name: `golden path "${name}"`,
      });
      const [{ file, line, column, message }] = entry.problems;
      throw new NotFoundError(
        `The golden path "${name}" cannot be run, because its file has errors: ${file}:${line}:${column}: ${message}`,
      );
    }
    if (!entry?.goldenPath) {
      throw unknownGoldenPath(name);
    }
    return entry.goldenPath;
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
    const all = goldenPathEntries(registry)
      .filter(
        ({ name, goldenPath: { metadata } = {} }) =>
          (!filter.name || filter.name.includes(name)) &&
          (!filter.category ||
            filter.category.includes(metadata?.category ?? '')) &&
          (!filter.owner || filter.owner.includes(metadata?.owner ?? '')) &&
          (!filter.tag ||
            metadata?.tags.some(tag => filter.tag?.includes(tag))),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const answers = await access.check(
      credentials,
      all.map(entry => ({
        permission: goldenPathReadPermission,
        subject: entrySubject(entry),
      })),
    );
    const seen = all.filter((_, index) => answers[index].allowed);
    const page = listPage(query.sort === 'name' ? seen : seen.reverse(), {
      ...query,
      nameOf: entry => entry.name,
    });
    response.json({
      ...page,
      items: await toGoldenPaths(page.items, { access, credentials }),
    });
  });

  router.get('/golden-paths/:name', async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const { name } = request.params;
    const entry = goldenPathEntries(registry).find(item => item.name === name);
    if (!entry) {
      throw unknownGoldenPath(name);
    }
    await access.require(credentials, {
      permission: goldenPathReadPermission,
      subject: entrySubject(entry),
      name: `golden path "${name}"`,
    });
    const [item] = await toGoldenPaths([entry], { access, credentials });
    response.json(item);
  });

  router.post(
    '/golden-paths/:name/runs',
    express.json({ limit: BODY_LIMIT }),
    async (request, response) => {
      const credentials = await signIn(request);
      readQuery(request, []);
      const { name } = request.params;
      const goldenPath = await find(credentials, name);
      const event = {
        eventId: 'golden-path-run',
        severityLevel: 'medium' as const,
        request,
        meta: { goldenPath: name },
      };
      const permit = () =>
        access.require(credentials, {
          permission: goldenPathRunPermission,
          readPermission: goldenPathReadPermission,
          subject: goldenPathSubject(goldenPath),
          name: `golden path "${name}"`,
        });
      const start = () => {
        const body = readBody(runSchema, request.body);
        return idempotency.handle(
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
              httpRequest: request,
            });
            return {
              status: 202,
              headers: { Location: `${request.baseUrl}/runs/${run.id}` },
              body: run,
            };
          },
        );
      };
      let answer;
      if (needsApplication(goldenPath)) {
        // The auditor is told of its deployment.
        await refusalAudited(auditor, event, permit);
        answer = await start();
      } else {
        const permitAndStart = async () => {
          await permit();
          return start();
        };
        answer = await audited(auditor, event, permitAndStart, startedRun);
      }
      response
        .status(answer.status)
        .set(answer.headers ?? {})
        .json(answer.body);
    },
  );

  return router;
}
