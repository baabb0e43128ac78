import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { UrlReaderService } from '@backstage/backend-plugin-api';
import { Entity } from '@backstage/catalog-model';
import { NotAllowedError } from '@backstage/errors';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { NotificationSendOptions } from '@backstage/plugin-notifications-node';
import {
  AllowedAction,
  DeploymentSummary,
  EPHEMERAL_TTL,
  Run,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  InnominatusEvent,
  StepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import express from 'express';
import { Knex } from 'knex';
import request from 'supertest';
import { AccessControl, AccessQuestion } from '../access/types';
import {
  DatabaseApplicationStore,
  createApplicationsRouter,
} from '../applications';
import { createApprovalsRouter } from '../approvals';
import { createCallbacksRouter } from '../callbacks';
import { DefinitionRegistry } from '../definitions';
import {
  Costs,
  DatabaseDeploymentStore,
  PlanPolicies,
  createDeploymentsRouter,
} from '../deployments';
import {
  AllowedTarget,
  TtlLimitsByType,
  createEnvironmentsRouter,
} from '../environments';
import { createDriftRouter } from '../drift';
import { createGoldenPathsRouter } from '../goldenPaths';
import { IdempotentRequests, problemDetails } from '../http';
import { ImpactService, createImpactRouter } from '../impact';
import { RefreshRequests } from '../locations';
import { createProvidersRouter } from '../providers';
import { createResourcesRouter } from '../resources';
import { createFollowUpsRouter } from '../runs';
import { DurationHistory, createScoreRouter } from '../score';
import {
  createApprovalServices,
  createCallbackServices,
  createDeploymentServices,
  createDriftServices,
  createEnvironmentServices,
  createHealthServices,
  createResourceServices,
} from '../services';
import { createHttpStepType, createWorkflowStepType } from '../stepTypes';
import { createTestEngine } from './TestEngine';
import { RecordedAudit, recordingAuditor } from './recordingAuditor';

export interface TestPlatformOptions {
  knex: Knex;
  /** Definition files; change them and call `registry.refresh()`. */
  files: Map<string, string>;
  entities?: Entity[];
  /** Everything is allowed without it. */
  allow?: (question: AccessQuestion) => AllowedAction;
  manifestRoots?: string[];
  /** For the rules and the life of environments. */
  now?: () => number;
  ttlLimits?: TtlLimitsByType;
  allowedTargets?: AllowedTarget[];
  /** Groups of who calls. */
  ownershipRefs?: () => string[];
  /** Reads the files that Score specs of the catalog name. */
  urlReader?: UrlReaderService;
  policies?: PlanPolicies;
  costs?: Parameters<typeof Costs.create>[0];
  /** Hosts that health checks may call. */
  healthHosts?: string[];
  /** Hosts that steps may call; without it there are no steps that call any. */
  httpHosts?: string[];
  /** More step types. */
  stepTypes?: StepType[];
}

/** Planning, deploying and running put together, with an HTTP door. */
export async function createTestPlatform(options: TestPlatformOptions) {
  const { knex, files } = options;
  const engine = await createTestEngine({
    knex,
    // As in production: what is tried here is no crash, and a machine that is
    // busy must not look like one.
    leaseMs: 10_000,
    stepTypes: options.stepTypes,
  });
  const { runs, stepTypes, logger } = engine;
  let shown = '';
  const registry = DefinitionRegistry.create({
    logger,
    stepTypes,
    refreshMs: 60_000,
    locations: [
      {
        target: 'memory',
        read: async () => {
          const now = JSON.stringify([...files]);
          const isSame = now === shown;
          shown = now;
          return isSame
            ? undefined
            : [...files].map(([name, text]) => ({ name, text }));
        },
      },
    ],
  });
  const access = createTestAccess(options.allow);
  const applications = DatabaseApplicationStore.create(knex);
  const deployments = DatabaseDeploymentStore.create(knex);
  const events: InnominatusEvent[] = [];
  const notifications: NotificationSendOptions[] = [];
  const audits: RecordedAudit[] = [];
  const shared = {
    access,
    applications,
    auditor: recordingAuditor(audits),
    auth: mockServices.auth(),
    catalog: catalogServiceMock({ entities: options.entities ?? [] }),
    changes: engine.changes,
    config: mockServices.rootConfig({
      data: {
        innominatus: {
          health: {
            allow: options.healthHosts ?? [],
            concurrency: 3,
          },
          retention: { health: { minutes: 1 } },
          stepTypes: { http: { allow: options.httpHosts ?? [] } },
        },
      },
    }),
    deployments,
    discovery: mockServices.discovery(),
    engine,
    knex,
    logger,
    notifications: {
      send: async (notification: NotificationSendOptions) => {
        notifications.push(notification);
      },
    },
    now: options.now,
    publishEvent: (event: InnominatusEvent) => {
      events.push(event);
    },
    registry,
    stepTypes,
    urlReader: options.urlReader ?? mockServices.urlReader.mock(),
    userInfo: {
      getUserInfo: async () => ({
        userEntityRef: mockCredentials.user().principal.userEntityRef,
        ownershipEntityRefs: options.ownershipRefs?.() ?? [],
      }),
    },
  };
  const { resources, resourceReader, resourceWaits, reveals } =
    createResourceServices({
      ...shared,
      manifestRoots: options.manifestRoots ?? [],
    });
  stepTypes.add(
    createWorkflowStepType({
      runs,
      workflows: {
        getWorkflow: async name => registry.workflow(name),
      },
      followUps: engine.followUps,
    }),
  );
  if (options.httpHosts) {
    stepTypes.add(createHttpStepType(shared));
  }
  const { callbackReports } = createCallbackServices({ ...shared, resources });
  const { health, healthStore } = createHealthServices({
    ...shared,
    resources,
    reader: resourceReader,
    checkers: [],
  });
  await registry.refresh();
  if (registry.problems().length > 0) {
    throw new Error(JSON.stringify(registry.problems(), undefined, 2));
  }
  const ofDeployments = createDeploymentServices({
    ...shared,
    resources,
    costs: Costs.create(options.costs),
    policies: options.policies,
  });
  const { drift, driftViews } = createDriftServices({
    ...shared,
    resources,
    reader: resourceReader,
  });
  const { deploymentApprovals, deploymentService: service } = ofDeployments;
  const createEnvironments = () =>
    createEnvironmentServices({
      ...shared,
      deploymentService: service,
      allowedTargets: options.allowedTargets,
      ttlLimits: options.ttlLimits ?? new Map([['ephemeral', EPHEMERAL_TTL]]),
    });
  const { environments, environmentStore } = createEnvironments();
  const ofApprovals = createApprovalServices({
    ...shared,
    deploymentApprovals,
  });
  const common = {
    access,
    auditor: shared.auditor,
    registry,
    httpAuth: mockServices.httpAuth(),
    idempotency: IdempotentRequests.create(knex),
  };
  const app = express();
  app.use(
    createScoreRouter({
      ...common,
      durations: DurationHistory.create({ knex, runs: engine.store }),
    }),
    createEnvironmentsRouter({
      ...common,
      environments,
    }),
    createImpactRouter({
      ...common,
      impact: ImpactService.create({
        registry,
        applications,
        deployments,
        resources,
      }),
    }),
    createProvidersRouter({
      ...common,
      refreshRequests: RefreshRequests.create({ knex, registry, logger }),
    }),
    createGoldenPathsRouter({
      ...common,
      goldenPathRuns: ofDeployments.goldenPathRuns,
    }),
    createDeploymentsRouter({
      ...common,
      service,
      store: deployments,
      views: ofDeployments.deploymentViews,
      recoveries: ofDeployments.deploymentRecoveries,
      applications,
      diffs: ofDeployments.applicationDiffs,
    }),
    createApplicationsRouter({
      ...common,
      store: applications,
      resources,
      resourceWaits,
      views: ofDeployments.applicationViews,
    }),
    createApprovalsRouter({
      ...common,
      decisions: ofApprovals.approvalDecisions,
      views: ofApprovals.approvalViews,
    }),
    createDriftRouter({
      ...common,
      drift,
      views: driftViews,
      applications,
    }),
    createResourcesRouter({
      ...common,
      store: resources,
      health,
      healthStore,
      reveals,
      waits: resourceWaits,
    }),
    createCallbacksRouter({ reports: callbackReports }),
    createFollowUpsRouter({
      ...common,
      followUps: engine.followUps,
      approvals: { addToRun: async (_credentials, run) => run },
      runs,
      store: engine.store,
    }),
    problemDetails({ logger }),
  );
  await engine.runtime.start();
  engine.ends.start();
  return {
    ...engine,
    app,
    applications,
    /** What the auditor was told, in its order. */
    audits,
    /** One for each backend that there would be. */
    createLifecycle: () => createEnvironments().environmentLifecycle,
    deployments,
    drift,
    environments,
    environmentStore,
    events,
    notifications,
    plans: ofDeployments.plans,
    health,
    healthStore,
    registry,
    resources,
    service,
    starts: ofDeployments.deploymentStarts,
    deploymentApprovals,
    api: request(app),
    stop: async () => {
      await health.stop();
      await drift.stop();
      await engine.ends.stop();
      await engine.runtime.stop();
    },
    /** Deploys over HTTP and waits until the result is recorded. */
    deploy: async (
      application: string,
      body: object,
    ): Promise<{ deployment: DeploymentSummary; run: Run }> => {
      const response = await request(app)
        .post(`/applications/${application}/deployments`)
        .send(body);
      if (response.status !== 202) {
        throw new Error(JSON.stringify(response.body));
      }
      const run = await engine.waitForEnd(response.body.runId);
      for (;;) {
        const { body: deployment } = await request(app).get(
          `/deployments/${response.body.id}`,
        );
        if (deployment.endedAt) {
          return { deployment, run };
        }
        await new Promise(resolve => setTimeout(resolve, 10));
      }
    },
  };
}

function createTestAccess(
  allow: (question: AccessQuestion) => AllowedAction = () => ({
    allowed: true,
  }),
): AccessControl {
  return {
    require: async (_credentials, question) => {
      const answer = allow(question);
      if (!answer.allowed) {
        throw new NotAllowedError(answer.reason);
      }
    },
    check: async (_credentials, questions) => questions.map(allow),
    filter: async () => () => {},
    initiator: () => mockCredentials.user().principal.userEntityRef,
  };
}
