import { AuthService } from '@backstage/backend-plugin-api';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { createStepType } from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { z } from 'zod';
import { quietLogger as logger } from '../../plugins/innominatus-backend/src/__testUtils__/chaos/quietLogger';
import { PLATFORM } from '../../plugins/innominatus-backend/src/__testUtils__/platformFiles';
import { AccessControl } from '../../plugins/innominatus-backend/src/access/types';
import {
  ApplicationIdentities,
  ApplicationViews,
  DatabaseApplicationStore,
} from '../../plugins/innominatus-backend/src/applications';
import { PlanApprovals } from '../../plugins/innominatus-backend/src/approvals';
import { DefinitionRegistry } from '../../plugins/innominatus-backend/src/definitions';
import {
  DatabaseDeploymentStore,
  DatabasePlanStore,
  DeploymentPlanner,
  DeploymentPlans,
  DeploymentSources,
  DeploymentViews,
  PastRunDurations,
} from '../../plugins/innominatus-backend/src/deployments';
import { DatabaseDriftStore } from '../../plugins/innominatus-backend/src/drift';
import { DatabaseResourceStore } from '../../plugins/innominatus-backend/src/resources';
import { DatabaseRunStore } from '../../plugins/innominatus-backend/src/runs';
import { CatalogFileSources } from '../../plugins/innominatus-backend/src/score/CatalogFileSources';
import { StepTypeRegistry } from '../../plugins/innominatus-backend/src/stepTypes';

const USER = 'user:default/jane';

/** Everything is allowed: what rules cost belongs to the policy of a portal. */
const access: AccessControl = {
  require: async () => {},
  check: async (_credentials, questions) =>
    questions.map(() => ({ allowed: true })),
  filter: async () => () => {},
  initiator: () => USER,
};

/** Planning and listing put together as in the backend, without its HTTP. */
export async function createBenchPlatform(knex: Knex) {
  const schema = z.looseObject({});
  const run = async () => {};
  const registry = DefinitionRegistry.create({
    logger,
    stepTypes: StepTypeRegistry.create(
      ['resource-provisioning', 'render-manifests', 'simulate'].map(name =>
        createStepType({
          name,
          description: name,
          schema,
          effects: 'none',
          onInterrupt: 'rerun',
          run,
        }),
      ),
    ),
    refreshMs: 3_600_000,
    locations: [
      {
        target: 'memory',
        read: async () => [{ name: 'platform.yaml', text: PLATFORM }],
      },
    ],
  });
  await registry.refresh();
  const applications = DatabaseApplicationStore.create(knex);
  const deployments = DatabaseDeploymentStore.create(knex);
  const resources = DatabaseResourceStore.create(knex);
  const auth = { getOwnServiceCredentials: async () => undefined };
  const catalog = { getEntities: async () => ({ items: [] }) };
  const planner = DeploymentPlanner.create({
    registry,
    applications,
    resources,
    sources: DeploymentSources.create({
      applications,
      deployments,
      fileSources: CatalogFileSources.create({
        urlReader: {} as Parameters<
          typeof CatalogFileSources.create
        >[0]['urlReader'],
      }),
      identities: ApplicationIdentities.create({
        auth: auth as unknown as AuthService,
        catalog: catalog as unknown as CatalogService,
      }),
    }),
  });
  const plans = DeploymentPlans.create({
    store: DatabasePlanStore.create(knex),
    registry,
    history: PastRunDurations.create(knex),
  });
  const views = ApplicationViews.create({
    access,
    resources,
    drift: DatabaseDriftStore.create(knex),
    deployments,
    deploymentViews: DeploymentViews.create({
      runs: DatabaseRunStore.create(knex),
      approvals: PlanApprovals.create(knex),
    }),
  });
  const credentials = {
    $$type: '@backstage/BackstageCredentials' as const,
    principal: {},
  };
  return {
    applications,
    resources,
    /** What `POST …/plans` does. */
    async plan(name: string, score: string) {
      const options = {
        environment: 'development',
        name,
        request: { action: 'deploy' as const, score },
        credentials,
      };
      const subject = await planner.identify(options);
      const planned = await planner.plan(subject, name);
      return plans.record(planned, { createdBy: USER, request: {} });
    },
    /** What `GET /applications` does. */
    async list(sort: 'name' | '-updatedAt') {
      const page = await applications.list({
        limit: 50,
        filter: {},
        sort,
        restrict: () => {},
      });
      return views.toSummaries(page.items, credentials);
    },
  };
}

export type BenchPlatform = Awaited<ReturnType<typeof createBenchPlatform>>;
