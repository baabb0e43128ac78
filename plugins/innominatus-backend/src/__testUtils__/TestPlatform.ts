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
import { InnominatusEvent } from '@innominatus/backstage-plugin-innominatus-node';
import express from 'express';
import { Knex } from 'knex';
import request from 'supertest';
import { AccessControl, AccessQuestion } from '../access/types';
import {
  ApplicationIdentities,
  ApplicationViews,
  DatabaseApplicationStore,
  createApplicationsRouter,
} from '../applications';
import {
  ApprovalDecisions,
  ApprovalViews,
  DatabaseApprovalStore,
  PlanApprovals,
  createApprovalsRouter,
} from '../approvals';
import { DefinitionRegistry } from '../definitions';
import {
  Costs,
  DatabaseDeploymentStore,
  DatabasePlanStore,
  DeploymentApprovals,
  DeploymentFollowUps,
  DeploymentOfRun,
  DeploymentPlanner,
  ApplicationDiffs,
  DeploymentPlans,
  DeploymentRecoveries,
  DeploymentService,
  DeploymentSources,
  DeploymentStarts,
  DeploymentViews,
  PastRunDurations,
  PlanPolicies,
  createDeploymentsRouter,
  createRunEndRecorder,
} from '../deployments';
import {
  DatabaseEnvironmentStore,
  DeploymentRules,
  EnvironmentLifecycle,
  EnvironmentService,
  TtlLimitsByType,
  createEnvironmentsRouter,
} from '../environments';
import { GoldenPathRuns, createGoldenPathsRouter } from '../goldenPaths';
import {
  DatabaseHealthStore,
  HealthService,
  HostGuard,
  createNetworkCheckers,
  createWorkflowChecker,
} from '../health';
import { IdempotentRequests, problemDetails } from '../http';
import { ImpactService, createImpactRouter } from '../impact';
import { RefreshRequests } from '../locations';
import { RegistryPolicies, Requesters } from '../policies';
import { createProvidersRouter } from '../providers';
import {
  DatabaseResourceStore,
  ResourceProvisioner,
  ResourceReader,
  ResourceReveals,
  createRenderManifestsStepType,
  createResourceProvisioningStepType,
  createResourcesRouter,
  createWriteManifestsStepType,
} from '../resources';
import { createFollowUpsRouter } from '../runs';
import {
  CatalogFileSources,
  DurationHistory,
  createScoreRouter,
} from '../score';
import { createTestEngine } from './TestEngine';

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
  /** Groups of who calls. */
  ownershipRefs?: () => string[];
  /** Reads the files that Score specs of the catalog name. */
  urlReader?: UrlReaderService;
  policies?: PlanPolicies;
  costs?: Parameters<typeof Costs.create>[0];
  /** Hosts that health checks may call. */
  healthHosts?: string[];
}

/** Planning, deploying and running put together, with an HTTP door. */
export async function createTestPlatform(options: TestPlatformOptions) {
  const { knex, files } = options;
  const engine = await createTestEngine({ knex });
  const { runs, secrets, stepTypes, logger } = engine;
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
  const auth = mockServices.auth();
  const catalog = catalogServiceMock({ entities: options.entities ?? [] });
  const applications = DatabaseApplicationStore.create(knex);
  const deployments = DatabaseDeploymentStore.create(knex);
  const resources = DatabaseResourceStore.create(knex);
  const plans = DatabasePlanStore.create(knex);
  const deploymentOfRun = DeploymentOfRun.create({ deployments, applications });
  const provisioner = ResourceProvisioner.create({
    store: resources,
    registry,
    runs,
    secrets,
  });
  stepTypes.add(
    createResourceProvisioningStepType({
      deployments: deploymentOfRun,
      provisioner,
      store: resources,
    }),
    createRenderManifestsStepType({
      deployments: deploymentOfRun,
      registry,
      store: resources,
    }),
    createWriteManifestsStepType({ roots: options.manifestRoots ?? [] }),
  );
  const healthStore = DatabaseHealthStore.create(knex);
  const reader = ResourceReader.create({ runs, registry });
  const health = HealthService.create({
    store: healthStore,
    registry,
    logger,
    concurrency: 3,
    historyMs: 60_000,
    checkers: [
      ...createNetworkCheckers(
        HostGuard.fromConfig(
          mockServices.rootConfig({
            data: {
              innominatus: { health: { allow: options.healthHosts ?? [] } },
            },
          }),
        ),
      ),
      createWorkflowChecker({ reader, registry, resources }),
    ],
  });
  await registry.refresh();
  if (registry.problems().length > 0) {
    throw new Error(JSON.stringify(registry.problems(), undefined, 2));
  }
  const identities = ApplicationIdentities.create({ catalog, auth });
  const sources = DeploymentSources.create({
    identities,
    applications,
    fileSources: CatalogFileSources.create({
      urlReader: options.urlReader ?? mockServices.urlReader.mock(),
    }),
    deployments,
  });
  const userInfo = {
    getUserInfo: async () => ({
      userEntityRef: mockCredentials.user().principal.userEntityRef,
      ownershipEntityRefs: options.ownershipRefs?.() ?? [],
    }),
  };
  const policies = RegistryPolicies.create({ registry });
  const requesters = Requesters.create({ userInfo });
  const planner = DeploymentPlanner.create({
    registry,
    sources,
    applications,
    resources,
    costs: Costs.create(options.costs),
    policies: options.policies ?? policies,
    requesters,
  });
  const environmentStore = DatabaseEnvironmentStore.create(knex);
  const events: InnominatusEvent[] = [];
  const notifications: NotificationSendOptions[] = [];
  const publishEvent = (event: InnominatusEvent) => {
    events.push(event);
  };
  const environments = EnvironmentService.create({
    knex,
    store: environmentStore,
    registry,
    ttlLimits: options.ttlLimits ?? new Map([['ephemeral', EPHEMERAL_TTL]]),
    publishEvent,
    now: options.now,
  });
  registry.useStoredEnvironments(environments);
  const rules = DeploymentRules.create({
    knex,
    access,
    userInfo,
    now: options.now,
  });
  const planApprovals = PlanApprovals.create(knex);
  const deploymentPlans = DeploymentPlans.create({
    store: plans,
    registry,
    history: PastRunDurations.create(knex),
  });
  const deploymentStarts = DeploymentStarts.create({
    knex,
    planner,
    applications,
    approvals: planApprovals,
    deployments,
    plans: deploymentPlans,
    resources,
    runs,
    rules,
    logger,
  });
  const deploymentApprovals = DeploymentApprovals.create({
    knex,
    approvals: planApprovals,
    deployments,
    starts: deploymentStarts,
    logger,
  });
  const recoveries = DeploymentRecoveries.create({
    applications,
    deployments,
    resources,
    followUps: engine.followUps,
    access,
  });
  const service = DeploymentService.create({
    recoveries,
    planner,
    applications,
    deployments,
    plans: deploymentPlans,
    starts: deploymentStarts,
    runs,
    access,
    rules,
  });
  /** One for each backend that there would be. */
  const createLifecycle = () =>
    EnvironmentLifecycle.create({
      store: environmentStore,
      registry,
      applications,
      deployments,
      service,
      auth,
      notifications: {
        send: async notification => {
          notifications.push(notification);
        },
      },
      publishEvent,
      logger,
      now: options.now,
    });
  const recordRunEnd = createRunEndRecorder({
    knex,
    applications,
    deployments,
    resources,
  });
  runs.onRunEnded(recordRunEnd);
  engine.followUps.addOrigin(
    DeploymentFollowUps.create({
      deployments,
      applications,
      access,
      recordRunEnd,
    }),
  );
  const views = DeploymentViews.create({
    approvals: planApprovals,
    runs: engine.store,
  });
  const goldenPathRuns = GoldenPathRuns.create({
    runs,
    deployments: service,
    sources,
    access,
    policies,
    requesters,
  });
  const approvals = DatabaseApprovalStore.create(knex);
  const approvalViews = ApprovalViews.create({
    store: approvals,
    access,
    userInfo: mockServices.userInfo({
      ownershipEntityRefs: options.ownershipRefs?.() ?? [],
    }),
  });
  const common = {
    access,
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
    createEnvironmentsRouter({ ...common, environments }),
    createImpactRouter({
      ...common,
      impact: ImpactService.create({ registry, applications, deployments }),
    }),
    createProvidersRouter({
      ...common,
      refreshRequests: RefreshRequests.create({ knex, registry, logger }),
    }),
    createGoldenPathsRouter({ ...common, goldenPathRuns }),
    createDeploymentsRouter({
      ...common,
      service,
      store: deployments,
      views,
      recoveries,
      applications,
      diffs: ApplicationDiffs.create({ applications, resources, registry }),
    }),
    createApplicationsRouter({
      ...common,
      store: applications,
      resources,
      views: ApplicationViews.create({
        resources,
        deployments,
        deploymentViews: views,
        access,
      }),
    }),
    createApprovalsRouter({
      ...common,
      decisions: ApprovalDecisions.create({
        knex,
        store: approvals,
        views: approvalViews,
        access,
        changes: engine.changes,
        plans: deploymentApprovals,
      }),
      views: approvalViews,
    }),
    createResourcesRouter({
      ...common,
      store: resources,
      health,
      healthStore,
      reveals: ResourceReveals.create({
        knex,
        secrets,
        auditor: mockServices.auditor.mock({
          createEvent: async () => ({
            success: async () => {},
            fail: async () => {},
          }),
        }),
      }),
    }),
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
    createLifecycle,
    deployments,
    environments,
    environmentStore,
    events,
    notifications,
    plans,
    health,
    healthStore,
    registry,
    resources,
    service,
    starts: deploymentStarts,
    deploymentApprovals,
    api: request(app),
    stop: async () => {
      await health.stop();
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
