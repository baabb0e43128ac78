import { AuditorService, HttpAuthService } from '@backstage/backend-plugin-api';
import { AuthenticationError } from '@backstage/errors';
import { providerReadPermission } from '@innominatus/backstage-plugin-innominatus-common';
import express, { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { AccessControl } from '../access/types';
import { audited } from '../audit';
import { DefinitionRegistry } from '../definitions';
import { ProblemError, readListQuery, readQuery } from '../http';
import { RateLimit } from '../http/RateLimit';
import { listPage } from '../http/listPage';
import { RefreshRequests } from './RefreshRequests';
import { locationSummaries } from './locationSummaries';
import { verifyWebhook } from './verifyWebhook';
import { webhookAddresses } from './webhookAddresses';

const BODY_LIMIT = '5mb';
const WINDOW_MS = 60_000;
const MAX_REQUESTS = 120;
const MAX_FAILURES = 20;

export interface LocationsRouterOptions {
  registry: DefinitionRegistry;
  refreshRequests: RefreshRequests;
  /** What webhooks may be signed with; none are taken without one. */
  webhookSecrets: readonly string[];
  access: AccessControl;
  auditor: AuditorService;
  httpAuth: HttpAuthService;
}

/** Routes below `/locations`. */
export function createLocationsRouter(options: LocationsRouterOptions): Router {
  const { registry, refreshRequests, access, auditor, httpAuth } = options;
  const router = PromiseRouter();

  router.get('/locations', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    await access.require(credentials, {
      permission: providerReadPermission,
      name: 'locations',
    });
    const query = readListQuery(request, {
      filters: {},
      sorts: ['target', '-target'],
    });
    const places = locationSummaries(registry);
    // Two entries may have the same target with other branches.
    const keys = new Map(
      places.map((item, index) => [item, `${item.target} ${index}`]),
    );
    const sorted = [...places].sort((a, b) =>
      keys.get(a)! < keys.get(b)! ? -1 : 1,
    );
    response.json(
      listPage(query.sort === 'target' ? sorted : sorted.reverse(), {
        ...query,
        nameOf: item => keys.get(item)!,
      }),
    );
  });

  const all = RateLimit.create({ max: MAX_REQUESTS, windowMs: WINDOW_MS });
  const failures = RateLimit.create({ max: MAX_FAILURES, windowMs: WINDOW_MS });
  router.post(
    '/locations/webhook',
    (request, _response, next) => {
      // By sender: a stranger must not use up what the others may send.
      refuseWhenMany(all, request.ip ?? '');
      next();
    },
    express.raw({ type: () => true, limit: BODY_LIMIT }),
    async (request, response) => {
      readQuery(request, []);
      const body = Buffer.isBuffer(request.body)
        ? request.body
        : Buffer.alloc(0);
      const verdict = verifyWebhook(
        { body, header: name => request.header(name) },
        { secrets: options.webhookSecrets, now: Date.now() },
      );
      if (!verdict.ok) {
        refuseWhenMany(failures, request.ip ?? '');
      }
      // Only what is signed is believed to be about a repository.
      const addresses = verdict.ok ? webhookAddresses(body) : undefined;
      const isNew = await audited(
        auditor,
        {
          eventId: 'definitions-webhook',
          severityLevel: 'medium',
          request,
          meta: { repositories: addresses?.map(withoutCredentials) },
        },
        async () => {
          if (!verdict.ok) {
            throw new AuthenticationError(verdict.message);
          }
          const { digest } = verdict;
          return refreshRequests.request({
            addresses,
            digest,
            background: true,
          });
        },
        first => ({ repeated: !first }),
      );
      response.status(202).json({ repeated: !isNew });
    },
  );

  return router;
}

function refuseWhenMany(limit: RateLimit, key: string): void {
  const retryAfterSeconds = limit.take(key);
  if (retryAfterSeconds !== undefined) {
    throw new ProblemError({
      status: 429,
      code: 'TOO_MANY_REQUESTS',
      message: `There were too many requests. Try again in ${retryAfterSeconds} seconds; definitions are also read on a schedule.`,
      retryAfterSeconds,
    });
  }
}

/** An address may name who reads there. */
function withoutCredentials(address: string): string {
  return address.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1').slice(0, 500);
}
