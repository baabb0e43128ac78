import {
  AuditorService,
  AuthService,
  LoggerService,
  UrlReaderService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { InnominatusEvent } from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { AccessControl } from '../access/types';
import {
  ApplicationIdentities,
  ApplicationStore,
  ApplicationViews,
} from '../applications';
import { PlanApprovals } from '../approvals';
import { DefinitionRegistry } from '../definitions';
import {
  ApplicationDiffs,
  Costs,
  DatabasePlanStore,
  DeploymentApprovals,
  DeploymentAudit,
  DeploymentFollowUps,
  DeploymentMaintenance,
  DeploymentPlanner,
  DeploymentPlans,
  DeploymentRecoveries,
  DeploymentService,
  DeploymentSources,
  DeploymentStarts,
  DeploymentStore,
  DeploymentViews,
  PastRunDurations,
  PlanPolicies,
  createRunEndRecorder,
} from '../deployments';
import {
  DatabaseDriftStore,
  DatabaseManifestDriftStore,
  DriftRepairs,
} from '../drift';
import { DeploymentRules } from '../environments';
import { GoldenPathFollowUps, GoldenPathRuns } from '../goldenPaths';
import { RegistryPolicies, Requesters } from '../policies';
import { ResourceStore } from '../resources';
import { createRunEngine } from '../runs';
import { CatalogFileSources } from '../score';

export interface DeploymentServicesOptions {
  knex: Knex;
  access: AccessControl;
  auditor: AuditorService;
  auth: AuthService;
  catalog: CatalogService;
  registry: DefinitionRegistry;
  engine: Pick<
    ReturnType<typeof createRunEngine>,
    'followUps' | 'runs' | 'store' | 'secrets'
  >;
  applications: ApplicationStore;
  deployments: DeploymentStore;
  resources: ResourceStore;
  costs: Costs;
  /** Those of the registry without it. */
  policies?: PlanPolicies;
  urlReader: UrlReaderService;
  userInfo: UserInfoService;
  logger: LoggerService;
  publishEvent: (event: InnominatusEvent) => void;
  /** For tests. */
  now?: () => number;
}

/** How applications are planned, approved, deployed and brought back. */
export function createDeploymentServices(options: DeploymentServicesOptions) {
  const { knex, access, applications, deployments, registry } = options;
  const { resources, logger, userInfo } = options;
  const { followUps, runs, store: runStore } = options.engine;
  const sources = DeploymentSources.create({
    identities: ApplicationIdentities.create(options),
    applications,
    fileSources: CatalogFileSources.create(options),
    deployments,
  });
  const registryPolicies = RegistryPolicies.create({ registry });
  const requesters = Requesters.create({ userInfo });
  const planner = DeploymentPlanner.create({
    registry,
    sources,
    applications,
    resources,
    costs: options.costs,
    repairs: DriftRepairs.create({
      resources,
      manifests: DatabaseManifestDriftStore.create(knex),
    }),
    policies: options.policies ?? registryPolicies,
    requesters,
  });
  const rules = DeploymentRules.create({
    knex,
    access,
    userInfo,
    now: options.now,
  });
  const planApprovals = PlanApprovals.create(knex);
  const planStore = DatabasePlanStore.create(knex);
  const plans = DeploymentPlans.create({
    store: planStore,
    registry,
    history: PastRunDurations.create(knex),
  });
  const starts = DeploymentStarts.create({
    knex,
    planner,
    applications,
    approvals: planApprovals,
    deployments,
    plans,
    resources,
    runs,
    rules,
    logger,
  });
  const deploymentApprovals = DeploymentApprovals.create({
    knex,
    approvals: planApprovals,
    deployments,
    starts,
    logger,
  });
  const recoveries = DeploymentRecoveries.create({
    applications,
    deployments,
    resources,
    followUps,
    access,
  });
  const deploymentService = DeploymentService.create({
    recoveries,
    planner,
    applications,
    deployments,
    plans,
    starts,
    runs,
    access,
    rules,
    audit: DeploymentAudit.create(options),
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
  followUps.addOrigin(
    DeploymentFollowUps.create({
      deployments,
      applications,
      access,
      recordRunEnd,
    }),
  );
  followUps.addOrigin(GoldenPathFollowUps.create({ registry, access }));
  const deploymentViews = DeploymentViews.create({
    runs: runStore,
    approvals: planApprovals,
  });
  return {
    applicationDiffs: ApplicationDiffs.create({
      applications,
      resources,
      registry,
    }),
    applicationViews: ApplicationViews.create({
      resources,
      drift: DatabaseDriftStore.create(knex),
      deployments,
      deploymentViews,
      access,
    }),
    deploymentApprovals,
    deploymentMaintenance: DeploymentMaintenance.create({
      starts,
      approvals: deploymentApprovals,
      plans: planStore,
      logger,
    }),
    deploymentRecoveries: recoveries,
    deploymentService,
    deploymentStarts: starts,
    deploymentViews,
    goldenPathRuns: GoldenPathRuns.create({
      runs,
      deployments: deploymentService,
      sources,
      access,
      policies: registryPolicies,
      requesters,
      secrets: options.engine.secrets,
    }),
    plans: planStore,
  };
}
