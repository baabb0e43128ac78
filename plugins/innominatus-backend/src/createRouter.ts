import { HttpAuthService, LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { version } from '../package.json';
import { createApplicationsRouter } from './applications';
import { createApprovalsRouter } from './approvals';
import { Services } from './services';
import { createDeploymentsRouter } from './deployments';
import { createDriftRouter } from './drift';
import { createEnvironmentsRouter } from './environments';
import { createGoldenPathsRouter } from './goldenPaths';
import { problemDetails } from './http';
import { createImpactRouter } from './impact';
import { createLocationsRouter } from './locations';
import { createPoliciesRouter } from './policies';
import { createProvidersRouter } from './providers';
import { createCallbacksRouter } from './callbacks';
import { createResourcesRouter } from './resources';
import { createFollowUpsRouter, createRunsRouter } from './runs';
import { createSchedulesRouter } from './schedules';
import { createScoreRouter } from './score';

/** Mounts the routes of API v1. */
export function createRouter(
  options: Services & { httpAuth: HttpAuthService; logger: LoggerService },
): Router {
  const { access, httpAuth, idempotency, logger, registry } = options;
  const v1 = PromiseRouter();

  v1.get('/version', async (request, response) => {
    await httpAuth.credentials(request, { allow: ['user', 'service'] });
    response.json({ version });
  });
  v1.use(
    createScoreRouter({
      registry,
      durations: options.durations,
      access,
      httpAuth,
    }),
    createEnvironmentsRouter({
      environments: options.environments,
      auditor: options.auditor,
      access,
      httpAuth,
      idempotency,
    }),
    createProvidersRouter({
      auditor: options.auditor,
      registry,
      refreshRequests: options.refreshRequests,
      access,
      httpAuth,
    }),
    createImpactRouter({ impact: options.impact, access, httpAuth }),
    createLocationsRouter({
      auditor: options.auditor,
      registry,
      refreshRequests: options.refreshRequests,
      webhookSecrets: options.webhookSecrets,
      access,
      httpAuth,
    }),
    createPoliciesRouter({ registry, access, httpAuth }),
    createGoldenPathsRouter({
      auditor: options.auditor,
      registry,
      goldenPathRuns: options.goldenPathRuns,
      access,
      httpAuth,
      idempotency,
    }),
    createApplicationsRouter({
      store: options.applications,
      resources: options.resources,
      resourceWaits: options.resourceWaits,
      views: options.applicationViews,
      access,
      httpAuth,
    }),
    createDeploymentsRouter({
      service: options.deploymentService,
      store: options.deployments,
      views: options.deploymentViews,
      recoveries: options.deploymentRecoveries,
      diffs: options.applicationDiffs,
      applications: options.applications,
      access,
      httpAuth,
      idempotency,
    }),
    createDriftRouter({
      drift: options.drift,
      views: options.driftViews,
      applications: options.applications,
      auditor: options.auditor,
      access,
      httpAuth,
    }),
    createResourcesRouter({
      auditor: options.auditor,
      store: options.resources,
      health: options.health,
      healthStore: options.healthStore,
      reveals: options.reveals,
      waits: options.resourceWaits,
      access,
      httpAuth,
    }),
    createCallbacksRouter({ reports: options.callbackReports }),
    createApprovalsRouter({
      decisions: options.approvalDecisions,
      views: options.approvalViews,
      access,
      httpAuth,
      idempotency,
    }),
    createSchedulesRouter({
      auditor: options.auditor,
      schedules: options.schedules,
      views: options.scheduleViews,
      access,
      httpAuth,
      idempotency,
    }),
    createRunsRouter({
      runs: options.runs,
      store: options.runStore,
      changes: options.changes,
      approvals: options.approvalViews,
      auditor: options.auditor,
      access,
      httpAuth,
    }),
    createFollowUpsRouter({
      followUps: options.followUps,
      runs: options.runs,
      store: options.runStore,
      approvals: options.approvalViews,
      auditor: options.auditor,
      access,
      httpAuth,
      idempotency,
    }),
  );
  v1.use(request => {
    throw new NotFoundError(
      `There is no route ${request.method} ${request.originalUrl.split('?')[0]}`,
    );
  });
  v1.use(problemDetails({ logger }));

  const router = PromiseRouter();
  router.use('/v1', v1);
  return router;
}
