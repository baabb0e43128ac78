import {
  AuditorService,
  AuthService,
  LoggerService,
  PermissionsRegistryService,
  PermissionsService,
  SchedulerService,
  UrlReaderService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { NotificationService } from '@backstage/plugin-notifications-node';
import {
  DefinitionLocationType,
  HealthChecker,
  InnominatusEvent,
  ProviderImplementation,
  StepRunner,
  StepType,
  WorkflowRuntimeFactory,
} from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { DefaultAccessControl } from './access';
import {
  ApplicationIdentities,
  ApplicationViews,
  DatabaseApplicationStore,
} from './applications';
import {
  ApprovalAnnouncer,
  ApprovalDecisions,
  ApprovalViews,
  DatabaseApprovalStore,
  PlanApprovals,
} from './approvals';
import { DatabaseClock } from './database';
import { DefinitionRegistry } from './definitions';
import {
  Costs,
  DatabaseDeploymentStore,
  DatabasePlanStore,
  DeploymentApprovals,
  DeploymentFollowUps,
  DeploymentMaintenance,
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
  createRunEndRecorder,
} from './deployments';
import {
  DatabaseEnvironmentStore,
  DeploymentRules,
  EnvironmentLifecycle,
  EnvironmentService,
  createEphemeralEnvironmentStepType,
  readTtlLimits,
} from './environments';
import { GoldenPathFollowUps, GoldenPathRuns } from './goldenPaths';
import {
  DatabaseHealthStore,
  HealthService,
  HostGuard,
  createNetworkCheckers,
  createWorkflowChecker,
  readHealthConfig,
} from './health';
import { IdempotentRequests } from './http';
import { ImpactService } from './impact';
import { RefreshRequests, readWebhookSecrets } from './locations';
import { codeLocation, codeStepType } from './providers';
import {
  DatabaseResourceStore,
  ResourceProvisioner,
  ResourceReader,
  ResourceReveals,
  createRenderManifestsStepType,
  createResourceProvisioningStepType,
  createWriteManifestsStepType,
  readManifestRoots,
} from './resources';
import { RegistryPolicies, Requesters } from './policies';
import { Retention, RetentionStore } from './retention';
import { createRunEngine, readLimits } from './runs';
import {
  DatabaseScheduleStore,
  ScheduleService,
  ScheduleViews,
} from './schedules';
import { CatalogFileSources, DurationHistory } from './score';
import { SecretRotation } from './secrets';
import { StepTypeRegistry, readStepTypeRules } from './stepTypes';

export interface CreateServicesOptions {
  auditor: AuditorService;
  auth: AuthService;
  catalog: CatalogService;
  config: Config;
  knex: Knex;
  logger: LoggerService;
  notifications: NotificationService;
  permissions: PermissionsService;
  permissionsRegistry: PermissionsRegistryService;
  scheduler: SchedulerService;
  /** Health checkers of modules. */
  healthCheckers: HealthChecker[];
  /** Step types of modules. */
  stepTypes: StepType[];
  /** Providers in code, of modules. */
  providers: ProviderImplementation[];
  /** Types of locations of modules. */
  locationTypes: DefinitionLocationType[];
  /** Runtimes of modules. */
  runtimes: WorkflowRuntimeFactory[];
  /** Step runners of modules. */
  stepRunners: StepRunner[];
  urlReader: UrlReaderService;
  userInfo: UserInfoService;
  /** Tells other plugins what changed. */
  publishEvent: (event: InnominatusEvent) => void;
  /** Tells browsers that a run changed. */
  signalRun: (change: { runId: string; version: number }) => void;
}

export type Services = ReturnType<typeof createServices>;

/** Builds everything that the routes use, and says how it starts and stops. */
export function createServices(options: CreateServicesOptions) {
  const { auth, catalog, config, knex, logger, urlReader } = options;

  const limits = readLimits(config);
  const access = DefaultAccessControl.create(options);
  const stepTypes = StepTypeRegistry.create(
    [...options.stepTypes, ...options.providers.map(codeStepType)],
    { isAllowed: readStepTypeRules(config) },
  );
  const registry = DefinitionRegistry.fromConfig(config, {
    urlReader,
    locationTypes: options.locationTypes,
    moreLocations: options.providers.map(codeLocation),
    stepTypes,
    logger,
    bounds: limits.compile,
    onChange: () => options.publishEvent({ type: 'definitions.changed' }),
  });
  const refreshRequests = RefreshRequests.create({ knex, registry, logger });
  const engine = createRunEngine({
    knex,
    config,
    logger,
    access,
    stepTypes,
    runtimes: options.runtimes,
    stepRunners: options.stepRunners,
    onRunChanged: options.signalRun,
    limits,
    workflows: {
      getWorkflow: async name => registry.workflow(name)?.definition,
    },
  });
  const { runs } = engine;
  const approvals = DatabaseApprovalStore.create(knex);
  const approvalViews = ApprovalViews.create({
    store: approvals,
    access,
    userInfo: options.userInfo,
  });
  const announcer = ApprovalAnnouncer.create({
    store: approvals,
    notifications: options.notifications,
    publishEvent: options.publishEvent,
    logger,
  });
  const scheduleStore = DatabaseScheduleStore.create(knex);
  const schedules = ScheduleService.create({
    store: scheduleStore,
    registry,
    runs,
    runStore: engine.store,
    clock: DatabaseClock.create(knex),
    logger,
  });
  registry.addChangeListener(() => schedules.wake());
  const applications = DatabaseApplicationStore.create(knex);
  const deployments = DatabaseDeploymentStore.create(knex);
  const plans = DatabasePlanStore.create(knex);
  const resources = DatabaseResourceStore.create(knex);
  const identities = ApplicationIdentities.create({ catalog, auth });
  const sources = DeploymentSources.create({
    identities,
    applications,
    fileSources: CatalogFileSources.create({ urlReader }),
    deployments,
  });
  const policies = RegistryPolicies.create({ registry });
  const requesters = Requesters.create(options);
  const planner = DeploymentPlanner.create({
    registry,
    sources,
    applications,
    resources,
    costs: Costs.fromConfig(config),
    policies,
    requesters,
  });
  const environmentStore = DatabaseEnvironmentStore.create(knex);
  const environments = EnvironmentService.create({
    knex,
    store: environmentStore,
    registry,
    ttlLimits: readTtlLimits(config),
    publishEvent: options.publishEvent,
  });
  registry.useStoredEnvironments(environments);
  const rules = DeploymentRules.create({
    knex,
    access,
    userInfo: options.userInfo,
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
  const deploymentService = DeploymentService.create({
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
  const lifecycle = EnvironmentLifecycle.create({
    store: environmentStore,
    registry,
    applications,
    deployments,
    service: deploymentService,
    auth,
    notifications: options.notifications,
    publishEvent: options.publishEvent,
    logger,
  });
  environments.addRemovalListener(() => lifecycle.look());
  const maintenance = DeploymentMaintenance.create({
    starts: deploymentStarts,
    approvals: deploymentApprovals,
    plans,
    logger,
  });
  const retention = Retention.fromConfig(config, {
    store: RetentionStore.create(knex),
    secrets: engine.secrets,
    logger,
  });
  const reader = ResourceReader.create({ runs, registry });
  const healthStore = DatabaseHealthStore.create(knex);
  const health = HealthService.create({
    store: healthStore,
    registry,
    logger,
    checkers: [
      ...createNetworkCheckers(HostGuard.fromConfig(config)),
      createWorkflowChecker({ reader, registry, resources }),
      ...options.healthCheckers,
    ],
    ...readHealthConfig(config),
    onChange: ({ id, environment, workload }, state) =>
      options.publishEvent({
        type: 'resource.changed',
        resourceId: id,
        state,
        environment,
        name: workload,
      }),
  });
  const secretRotation = SecretRotation.create({
    store: engine.secrets,
    logger,
  });
  const deploymentViews = DeploymentViews.create({
    runs: engine.store,
    approvals: planApprovals,
  });
  const applicationViews = ApplicationViews.create({
    resources,
    deployments,
    deploymentViews,
    access,
  });

  const recordRunEnd = createRunEndRecorder({
    knex,
    applications,
    deployments,
    resources,
    onChange: ({ runId, environment, name }) =>
      options.publishEvent({ type: 'run.ended', runId, environment, name }),
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
  engine.followUps.addOrigin(GoldenPathFollowUps.create({ registry, access }));

  const ofRun = DeploymentOfRun.create({ deployments, applications });
  const provisioner = ResourceProvisioner.create({
    store: resources,
    registry,
    runs,
    secrets: engine.secrets,
  });
  stepTypes.add(
    createResourceProvisioningStepType({
      deployments: ofRun,
      provisioner,
      store: resources,
    }),
    createRenderManifestsStepType({
      deployments: ofRun,
      registry,
      store: resources,
    }),
    createEphemeralEnvironmentStepType({ environments }),
    createWriteManifestsStepType({ roots: readManifestRoots(config) }),
  );

  return {
    access,
    applications,
    applicationViews,
    approvalDecisions: ApprovalDecisions.create({
      knex,
      store: approvals,
      views: approvalViews,
      access,
      changes: engine.changes,
      plans: deploymentApprovals,
      auditor: options.auditor,
    }),
    approvalViews,
    changes: engine.changes,
    deploymentRecoveries: recoveries,
    applicationDiffs: ApplicationDiffs.create({
      applications,
      resources,
      registry,
    }),
    deploymentService,
    deployments,
    deploymentViews,
    environments,
    durations: DurationHistory.create({ knex, runs: engine.store }),
    followUps: engine.followUps,
    goldenPathRuns: GoldenPathRuns.create({
      runs,
      deployments: deploymentService,
      sources,
      access,
      policies,
      requesters,
    }),
    idempotency: IdempotentRequests.create(knex),
    impact: ImpactService.create({ registry, applications, deployments }),
    refreshRequests,
    registry,
    health,
    healthStore,
    resources,
    reveals: ResourceReveals.create({
      knex,
      secrets: engine.secrets,
      auditor: options.auditor,
    }),
    runs,
    runStore: engine.store,
    schedules,
    scheduleViews: ScheduleViews.create({
      store: scheduleStore,
      runStore: engine.store,
      access,
    }),
    webhookSecrets: readWebhookSecrets(config),
    /** Definitions first: a run that goes on may need them. */
    async start() {
      await registry.start(options.scheduler);
      await refreshRequests.start(options.scheduler);
      await environments.list();
      await engine.start();
      schedules.start();
      maintenance.start();
      announcer.start();
      await retention.schedule(options.scheduler);
      await secretRotation.schedule(options.scheduler);
      await lifecycle.schedule(options.scheduler);
      await health.schedule(options.scheduler);
    },
    async stop() {
      await health.stop();
      await announcer.stop();
      await schedules.stop();
      await maintenance.stop();
      await engine.stop();
      await registry.stop();
    },
  };
}
