import {
  AuditorService,
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  RunPurpose,
  RunStatus,
  RunStep,
} from '@innominatus/backstage-plugin-innominatus-common';
import express, { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { AccessControl } from '../access/types';
import { audited } from '../audit';
import { ApprovalViews } from '../approvals/ApprovalViews';
import { RunChanges } from '../engine';
import { pickFields, readListQuery, readQuery } from '../http';
import { sendRunEvents } from './eventsRoute';
import { sendRunLogs } from './logsRoute';
import { RunStore } from './RunStore';
import { RunViews } from './RunViews';
import { RunService } from './types';

const BODY_LIMIT = '64kb';
const LONGEST_REASON = 500;

const FIELDS = [
  'id',
  'number',
  'workflow',
  'goldenPath',
  'title',
  'status',
  'waiting',
  'application',
  'deployment',
  'initiator',
  'purpose',
  'priority',
  'createdAt',
  'startedAt',
  'endedAt',
  'stepsTotal',
  'stepsDone',
  'failure',
  'parentRun',
  'retryOf',
  'retriedBy',
  'undoOf',
  'undoneBy',
  'version',
  'allowedActions',
] as const;

export interface RunsRouterOptions {
  runs: RunService;
  store: RunStore;
  changes: RunChanges;
  /** What steps ask of people is shown beside them. */
  approvals: Pick<ApprovalViews, 'addToRun'>;
  access: AccessControl;
  auditor: AuditorService;
  httpAuth: HttpAuthService;
}

/** Routes below `/runs`. Errors are left to the error middleware behind it. */
export function createRunsRouter(options: RunsRouterOptions): Router {
  const { runs, store, httpAuth, access, approvals, auditor } = options;
  const views = RunViews.create({ runs, store, access, approvals });
  const router = PromiseRouter();

  const signIn = (request: Request): Promise<BackstageCredentials> =>
    httpAuth.credentials(request, { allow: ['user', 'service'] });

  router.get('/runs', async (request, response) => {
    const credentials = await signIn(request);
    const { extra, fields, ...query } = readListQuery(request, {
      filters: {
        status: Object.values(RunStatus),
        environment: undefined,
        application: undefined,
        goldenPath: undefined,
        workflow: undefined,
        initiator: undefined,
        entityRef: undefined,
        parentRun: undefined,
        retryOf: undefined,
        undoOf: undefined,
        purpose: Object.values(RunPurpose),
      },
      sorts: ['-createdAt', 'createdAt'],
      fields: FIELDS,
    });
    const filter = {
      ...query.filter,
      status: query.filter.status as RunStatus[],
      purpose: query.filter.purpose as RunPurpose[],
    };
    const page = await runs.list({ ...query, filter }, credentials);
    const items = await views.toSeen(credentials, page.items);
    response.json({
      ...page,
      items: items.map(item => pickFields(item, fields)),
    });
  });

  router.get('/runs/:id', async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const run = await views.get(credentials, request.params.id);
    response.setHeader('ETag', `"${run.version}"`);
    response.json(run);
  });

  router.get('/runs/:id/graph', async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const run = await views.get(credentials, request.params.id);
    response.json({
      version: run.version,
      nodes: run.steps.map(toNode),
      edges: run.steps.flatMap(step =>
        step.dependsOn.map(from => ({ from, to: step.name })),
      ),
    });
  });

  router.get('/runs/:id/steps', async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const run = await views.get(credentials, request.params.id);
    response.json({ items: run.steps });
  });

  router.get('/runs/:id/steps/:step', async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const run = await views.get(credentials, request.params.id);
    const step = run.steps.find(({ name }) => name === request.params.step);
    if (!step) {
      throw new NotFoundError(
        `Run ${run.number} has no step "${request.params.step}". Its steps are: ${run.steps.map(({ name }) => `"${name}"`).join(', ')}.`,
      );
    }
    const attempts = await store.attempts(run.id, step.name);
    response.json({ ...step, attempts });
  });

  router.get('/runs/:id/events', async (request, response) => {
    const credentials = await signIn(request);
    const query = readQuery(request, ['after']);
    const { id } = await views.requireRead(credentials, request.params.id);
    await sendRunEvents({
      request,
      response,
      query,
      id,
      credentials,
      views,
      runs,
    });
  });

  router.get('/runs/:id/logs', async (request, response) => {
    const credentials = await signIn(request);
    const { changes } = options;
    const run = await views.requireRead(credentials, request.params.id);
    await sendRunLogs({ request, response, run, store, changes });
  });

  router.post(
    '/runs/:id/cancel',
    express.json({ limit: BODY_LIMIT }),
    async (request, response) => {
      const credentials = await signIn(request);
      readQuery(request, []);
      const reason = readReason(request.body);
      const { id } = await audited(
        auditor,
        {
          eventId: 'run-cancel',
          severityLevel: 'medium',
          request,
          meta: { run: request.params.id, reason },
        },
        async () => {
          const run = await views.requireControl(
            credentials,
            request.params.id,
          );
          const by = access.initiator(credentials);
          await runs.cancel({ id: run.id, by, reason });
          return run;
        },
        noteRun,
      );
      response
        .status(202)
        .location(`${request.baseUrl}/runs/${id}`)
        .json(await views.getSummary(credentials, id));
    },
  );

  for (const action of ['pause', 'resume'] as const) {
    router.post(
      `/runs/:id/${action}`,
      express.json({ limit: BODY_LIMIT }),
      async (request, response) => {
        const credentials = await signIn(request);
        readQuery(request, []);
        readNothing(request.body);
        const { id } = await audited(
          auditor,
          {
            eventId: `run-${action}`,
            severityLevel: 'medium',
            request,
            meta: { run: request.params.id },
          },
          async () => {
            const run = await views.requireControl(
              credentials,
              request.params.id,
            );
            const by = access.initiator(credentials);
            await runs[action]({ id: run.id, by });
            return run;
          },
          noteRun,
        );
        response
          .status(202)
          .location(`${request.baseUrl}/runs/${id}`)
          .json(await views.getSummary(credentials, id));
      },
    );
  }

  return router;
}

function noteRun({ id, number }: { id: string; number: number }) {
  return { runId: id, number };
}

function toNode(step: RunStep) {
  const { name, title, type, stage, status, attempt } = step;
  const { startedAt, endedAt, waiting, error, skipReason, childRuns } = step;
  return {
    id: name,
    title: title ?? name,
    type,
    stage,
    status,
    attempt,
    startedAt,
    endedAt,
    waiting,
    error,
    skipReason,
    childRuns,
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

function readReason(body: unknown): string | undefined {
  const { reason, ...unknown } = (body ?? {}) as { reason?: unknown };
  const [surplus] = Object.keys(unknown);
  if (surplus !== undefined) {
    throw new InputError(
      `The body has the unknown field "${surplus}". Known is: "reason".`,
    );
  }
  if (reason === undefined || reason === null || reason === '') {
    return undefined;
  }
  if (typeof reason !== 'string' || reason.length > LONGEST_REASON) {
    throw new InputError(
      `The field "reason" has to be a text of at most ${LONGEST_REASON} characters.`,
    );
  }
  return reason;
}
