import {
  AuditorService,
  AuthService,
  DiscoveryService,
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
import { DefaultAccessControl } from '../access';
import { DatabaseApplicationStore } from '../applications';
import { DatabaseClock } from '../database';
import {
  DatabaseLastGoodStore,
  DefinitionRegistry,
  LastGoodDefinitions,
} from '../definitions';
import { Costs, DatabaseDeploymentStore } from '../deployments';
import {
  createEphemeralEnvironmentStepType,
  readAllowedTargets,
  readTtlLimits,
} from '../environments';
import { IdempotentRequests } from '../http';
import { ImpactService } from '../impact';
import { RefreshRequests, readWebhookSecrets } from '../locations';
import { codeLocation, codeStepType } from '../providers';
import { readManifestRoots } from '../resources';
import { Retention, RetentionStore } from '../retention';
import { createRunEngine, readLimits } from '../runs';
import {
  DatabaseScheduleStore,
  ScheduleService,
  ScheduleViews,
} from '../schedules';
import { DurationHistory } from '../score';
import { SecretRotation } from '../secrets';
import { StepTypeRegistry, readStepTypeRules } from '../stepTypes';
import { createApprovalServices } from './createApprovalServices';
import { createCallbackServices } from './createCallbackServices';
import { createDeploymentServices } from './createDeploymentServices';
import { createDriftServices } from './createDriftServices';
import { createEnvironmentServices } from './createEnvironmentServices';
import { createHealthServices } from './createHealthServices';
import { createResourceServices } from './createResourceServices';

export interface CreateServicesOptions {
  auditor: AuditorService;
  auth: AuthService;
  catalog: CatalogService;
  config: Config;
  discovery: DiscoveryService;
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
  const { config, knex, logger } = options;

  const limits = readLimits(config);
  const access = DefaultAccessControl.create(options);
  const stepTypes = StepTypeRegistry.create(
    [...options.stepTypes, ...options.providers.map(codeStepType)],
    { isAllowed: readStepTypeRules(config) },
  );
  const registry = DefinitionRegistry.fromConfig(config, {
    urlReader: options.urlReader,
    locationTypes: options.locationTypes,
    codeLocations: options.providers.map(codeLocation),
    lastGood: LastGoodDefinitions.create({
      store: DatabaseLastGoodStore.create(knex),
      logger,
    }),
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
      getWorkflow: async name => registry.workflow(name),
    },
  });
  const { changes, followUps, runs, secrets, store: runStore } = engine;

  const applications = DatabaseApplicationStore.create(knex);
  const deployments = DatabaseDeploymentStore.create(knex);
  const shared = {
    ...options,
    access,
    applications,
    deployments,
    engine,
    registry,
    stepTypes,
  };
  const ofResources = createResourceServices({
    ...shared,
    manifestRoots: readManifestRoots(config),
  });
  const { resources, resourceReader } = ofResources;
  const ofCallbacks = createCallbackServices({ ...shared, resources });
  const ofDeployments = createDeploymentServices({
    ...shared,
    resources,
    costs: Costs.fromConfig(config),
  });
  const ofEnvironments = createEnvironmentServices({
    ...shared,
    deploymentService: ofDeployments.deploymentService,
    ttlLimits: readTtlLimits(config),
    allowedTargets: readAllowedTargets(config),
  });
  const { environments, environmentLifecycle } = ofEnvironments;
  environments.addRemovalListener(() => environmentLifecycle.look());
  stepTypes.add(createEphemeralEnvironmentStepType({ environments }));
  const ofHealth = createHealthServices({
    ...shared,
    resources,
    reader: resourceReader,
    checkers: options.healthCheckers,
  });
  const ofDrift = createDriftServices({
    ...shared,
    resources,
    reader: resourceReader,
  });
  const ofApprovals = createApprovalServices({
    ...shared,
    changes,
    deploymentApprovals: ofDeployments.deploymentApprovals,
  });

  const scheduleStore = DatabaseScheduleStore.create(knex);
  const schedules = ScheduleService.create({
    store: scheduleStore,
    registry,
    runs,
    runStore,
    clock: DatabaseClock.create(knex),
    logger,
  });
  registry.addChangeListener(() => schedules.wake());
  const retention = Retention.fromConfig(config, {
    store: RetentionStore.create(knex),
    secrets,
    logger,
  });
  const secretRotation = SecretRotation.create({ store: secrets, logger });

  return {
    ...ofApprovals,
    ...ofCallbacks,
    ...ofDeployments,
    ...ofDrift,
    ...ofEnvironments,
    ...ofHealth,
    ...ofResources,
    access,
    applications,
    auditor: options.auditor,
    changes,
    deployments,
    durations: DurationHistory.create({ knex, runs: runStore }),
    followUps,
    idempotency: IdempotentRequests.create(knex),
    impact: ImpactService.create({
      registry,
      applications,
      deployments,
      resources,
    }),
    refreshRequests,
    registry,
    runs,
    runStore,
    schedules,
    scheduleViews: ScheduleViews.create({
      store: scheduleStore,
      runStore,
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
      ofDeployments.deploymentMaintenance.start();
      ofApprovals.approvalAnnouncer.start();
      await retention.schedule(options.scheduler);
      await secretRotation.schedule(options.scheduler);
      await environmentLifecycle.schedule(options.scheduler);
      await ofHealth.health.schedule(options.scheduler);
      await ofDrift.drift.schedule(options.scheduler);
    },
    async stop() {
      await ofHealth.health.stop();
      await ofDrift.drift.stop();
      await ofApprovals.approvalAnnouncer.stop();
      await schedules.stop();
      await ofDeployments.deploymentMaintenance.stop();
      await engine.stop();
      await registry.stop();
    },
  };
}
