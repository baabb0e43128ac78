import {
  AuthService,
  LoggerService,
  PermissionsRegistryService,
  PermissionsService,
  UrlReaderService,
} from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { InnominatusEvent } from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { DefaultAccessControl } from './access';
import {
  ApplicationIdentities,
  ApplicationViews,
  DatabaseApplicationStore,
} from './applications';
import { DefinitionRegistry } from './definitions';
import {
  DatabaseDeploymentStore,
  DatabasePlanStore,
  DeploymentMaintenance,
  DeploymentOfRun,
  DeploymentPlanner,
  DeploymentService,
  DeploymentSources,
  DeploymentViews,
  createRunEndRecorder,
} from './deployments';
import {
  EmbeddedRuntime,
  PostgresNotices,
  RunChanges,
  Workspaces,
} from './engine';
import { IdempotentRequests } from './http';
import { readEngineConfig } from './readEngineConfig';
import {
  DatabaseResourceStore,
  ResourceProvisioner,
  createRenderManifestsStepType,
  createResourceProvisioningStepType,
  createWriteManifestsStepType,
} from './resources';
import { DatabaseRunStore, DefaultRunService, RunEnds } from './runs';
import { DatabaseSecretStore } from './secrets';
import {
  StepTypeRegistry,
  createHttpStepType,
  simulateStepType,
  waitStepType,
  createWorkflowStepType,
} from './stepTypes';

export interface CreateServicesOptions {
  auth: AuthService;
  catalog: CatalogService;
  config: Config;
  knex: Knex;
  logger: LoggerService;
  permissions: PermissionsService;
  permissionsRegistry: PermissionsRegistryService;
  /** Step types of modules. */
  stepTypes: StepTypeRegistry;
  urlReader: UrlReaderService;
  /** Tells other plugins what changed. */
  publishEvent: (event: InnominatusEvent) => void;
  /** Tells browsers that a run changed. */
  signalRun: (change: { runId: string; version: number }) => void;
}

export type Services = ReturnType<typeof createServices>;

/** Builds everything that the routes use, and says how it starts and stops. */
export function createServices(options: CreateServicesOptions) {
  const { auth, catalog, config, knex, logger, stepTypes, urlReader } = options;
  const engine = readEngineConfig(config);

  const access = DefaultAccessControl.create(options);
  const secrets = DatabaseSecretStore.fromConfig({ knex, config, logger });
  const changes = RunChanges.create({ onRunChanged: options.signalRun });
  const notices = PostgresNotices.create({ knex, changes, logger });
  const runStore = DatabaseRunStore.create(knex);
  const ends = RunEnds.create({ knex, store: runStore, changes, logger });
  const runs = DefaultRunService.create({
    knex,
    store: runStore,
    changes,
    ends,
    access,
  });
  const runtime = EmbeddedRuntime.create({
    knex,
    stepTypes,
    secrets,
    changes,
    logger,
    ...engine,
    workspaces: Workspaces.create(engine.workingDirectory),
  });

  const registry = DefinitionRegistry.fromConfig(config, {
    urlReader,
    stepTypes,
    logger,
    onChange: () => options.publishEvent({ type: 'definitions.changed' }),
  });
  const applications = DatabaseApplicationStore.create(knex);
  const deployments = DatabaseDeploymentStore.create(knex);
  const plans = DatabasePlanStore.create(knex);
  const resources = DatabaseResourceStore.create(knex);
  const identities = ApplicationIdentities.create({ catalog, auth });
  const sources = DeploymentSources.create({ identities, applications });
  const planner = DeploymentPlanner.create({
    registry,
    sources,
    applications,
    resources,
  });
  const deploymentService = DeploymentService.create({
    knex,
    planner,
    applications,
    deployments,
    plans,
    resources,
    runs,
    access,
    logger,
  });
  const maintenance = DeploymentMaintenance.create({
    service: deploymentService,
    plans,
    logger,
  });
  const deploymentViews = DeploymentViews.create(knex);
  const applicationViews = ApplicationViews.create({
    deployments,
    deploymentViews,
    access,
  });

  runs.onRunEnded(
    createRunEndRecorder({
      knex,
      applications,
      deployments,
      resources,
      onChange: ({ runId, environment, name }) =>
        options.publishEvent({ type: 'run.ended', runId, environment, name }),
    }),
  );

  const ofRun = DeploymentOfRun.create({ deployments, applications });
  const provisioner = ResourceProvisioner.create({
    store: resources,
    registry,
    runs,
    secrets,
  });
  stepTypes.add(
    simulateStepType,
    createHttpStepType({ config }),
    waitStepType,
    createWorkflowStepType({
      runs,
      workflows: {
        getWorkflow: async name => registry.workflow(name)?.definition,
      },
    }),
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
    createWriteManifestsStepType({
      roots:
        config.getOptionalStringArray(
          'innominatus.stepTypes.write-manifests.roots',
        ) ?? [],
    }),
  );

  return {
    access,
    applications,
    applicationViews,
    changes,
    deploymentService,
    deployments,
    deploymentViews,
    idempotency: IdempotentRequests.create(knex),
    registry,
    resources,
    runs,
    runStore,
    /** Definitions first: a run that goes on may need them. */
    async start() {
      await registry.start();
      notices.start();
      ends.start();
      await runtime.start();
      maintenance.start();
    },
    /** The engine first, so that what it records last is still handled. */
    async stop() {
      await runtime.stop();
      await maintenance.stop();
      await ends.stop();
      await notices.stop();
      await registry.stop();
    },
  };
}
