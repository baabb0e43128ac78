import {
  AuditorService,
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  Schedule,
  goldenPathReadPermission,
  goldenPathRunPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import express, { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { AccessControl } from '../access/types';
import { AuditedEvent, audited, startedRun } from '../audit';
import { IdempotentRequests, readListQuery, readQuery } from '../http';
import { listPage } from '../http/listPage';
import { ScheduleService } from './ScheduleService';
import { scheduleSubject, ScheduleViews } from './ScheduleViews';
import { ScheduledDefinition } from './types';

const BODY_LIMIT = '16kb';

export interface SchedulesRouterOptions {
  schedules: ScheduleService;
  views: ScheduleViews;
  access: AccessControl;
  auditor: AuditorService;
  httpAuth: HttpAuthService;
  idempotency: IdempotentRequests;
}

/** Routes below `/schedules`. */
export function createSchedulesRouter(options: SchedulesRouterOptions): Router {
  const { schedules, views, access, auditor, httpAuth, idempotency } = options;
  const router = PromiseRouter();

  const signIn = (request: Request): Promise<BackstageCredentials> =>
    httpAuth.credentials(request, { allow: ['user', 'service'] });

  const toSchedule = async (
    definition: ScheduledDefinition,
    credentials: BackstageCredentials,
  ): Promise<Schedule> =>
    (await views.toSchedules([definition], credentials))[0];

  const requireControl = async (
    name: string,
    credentials: BackstageCredentials,
  ): Promise<ScheduledDefinition> => {
    const definition = schedules.definition(name);
    await access.require(credentials, {
      permission: goldenPathRunPermission,
      readPermission: goldenPathReadPermission,
      subject: scheduleSubject(definition),
      name: `schedule "${name}"`,
    });
    return definition;
  };

  router.get('/schedules', async (request, response) => {
    const credentials = await signIn(request);
    const { filter, ...query } = readListQuery(request, {
      filters: { name: undefined, owner: undefined },
      sorts: ['name', '-name'],
    });
    const all = schedules
      .definitions()
      .filter(
        ({ name, owner }) =>
          (!filter.name || filter.name.includes(name)) &&
          (!filter.owner || filter.owner.includes(owner ?? '')),
      );
    const answers = await access.check(
      credentials,
      all.map(definition => ({
        permission: goldenPathReadPermission,
        subject: scheduleSubject(definition),
      })),
    );
    const seen = all.filter((_, index) => answers[index].allowed);
    const page = listPage(query.sort === 'name' ? seen : seen.reverse(), {
      ...query,
      nameOf: ({ name }) => name,
    });
    response.json({
      ...page,
      items: await views.toSchedules(page.items, credentials),
    });
  });

  router.get('/schedules/:name', async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const { name } = request.params;
    const definition = schedules.definition(name);
    await access.require(credentials, {
      permission: goldenPathReadPermission,
      subject: scheduleSubject(definition),
      name: `schedule "${name}"`,
    });
    response.json(await toSchedule(definition, credentials));
  });

  for (const action of ['pause', 'resume'] as const) {
    router.post(
      `/schedules/:name/${action}`,
      express.json({ limit: BODY_LIMIT }),
      async (request, response) => {
        const credentials = await signIn(request);
        readQuery(request, []);
        readNothing(request.body);
        const { name } = request.params;
        const definition = await audited(
          auditor,
          noteOf(action, request),
          async () => {
            const controlled = await requireControl(name, credentials);
            const by = access.initiator(credentials);
            await schedules[action]({ name, by });
            return controlled;
          },
        );
        response.json(await toSchedule(definition, credentials));
      },
    );
  }

  router.post(
    '/schedules/:name/trigger',
    express.json({ limit: BODY_LIMIT }),
    async (request, response) => {
      const credentials = await signIn(request);
      readQuery(request, []);
      readNothing(request.body);
      const { name } = request.params;
      const carryOut = async () => {
        await requireControl(name, credentials);
        const by = access.initiator(credentials);
        return idempotency.handle(
          {
            key: request.header('Idempotency-Key'),
            principal: by,
            route: `POST /schedules/${name}/trigger`,
            body: request.body,
          },
          async ({ id }) => {
            const run = await schedules.trigger({ name, by, id });
            return {
              status: 202,
              headers: { Location: `${request.baseUrl}/runs/${run.id}` },
              body: run,
            };
          },
        );
      };
      const answer = await audited(
        auditor,
        noteOf('trigger', request),
        carryOut,
        startedRun,
      );
      response
        .status(answer.status)
        .set(answer.headers ?? {})
        .json(answer.body);
    },
  );

  return router;
}

function noteOf(verb: string, request: Request): AuditedEvent {
  return {
    eventId: `schedule-${verb}`,
    severityLevel: 'medium',
    request,
    meta: { schedule: request.params.name },
  };
}

function readNothing(body: unknown): void {
  const [surplus] = Object.keys(body ?? {});
  if (surplus !== undefined) {
    throw new InputError(
      `The body has the unknown field "${surplus}". No field is known.`,
    );
  }
}
