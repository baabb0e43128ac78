import {
  ApplicationImpact,
  Definitions,
  DeploymentSummary,
  Impact,
  ImpactRequest,
  Workload,
  hasErrors,
  readScore,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { ApplicationRecord, ApplicationStore } from '../applications/types';
import { DefinitionRegistry } from '../definitions';
import { DeploymentRecord, DeploymentStore } from '../deployments/types';
import { ResourceStore } from '../resources/types';
import { ResourceComparison } from './ResourceComparison';
import { candidateSnapshot } from './candidateSnapshot';
import { compareSnapshots } from './compareSnapshots';
import { goldenPathImpact } from './goldenPathImpact';
import { resourceImpacts } from './resourceImpacts';
import { SharedUse, findSharedUses } from './sharedUses';

const DEFAULT_LIMIT = 100;

/** Which part of the definitions is asked about. */
export type ImpactSubject = 'providers' | 'golden-paths';

export interface ImpactServiceOptions {
  registry: DefinitionRegistry;
  applications: ApplicationStore;
  deployments: DeploymentStore;
  resources: ResourceStore;
}

interface Comparison {
  subject: ImpactSubject;
  before: Definitions;
  after: Definitions;
  types: ResourceComparison;
}

/**
 * Finds out what other definitions would change. Reads only: a page of
 * applications costs three statements, however many there are, and shared
 * resources one for each of their environments and one for their users.
 */
export class ImpactService {
  readonly #options: ImpactServiceOptions;

  static create(options: ImpactServiceOptions): ImpactService {
    return new ImpactService(options);
  }

  private constructor(options: ImpactServiceOptions) {
    this.#options = options;
  }

  async preview(options: {
    subject: ImpactSubject;
    request: ImpactRequest;
    /** Leaves out what the caller may not read. */
    restrict: (query: Knex.QueryBuilder) => void;
  }): Promise<Impact> {
    const { subject, request, restrict } = options;
    const { registry, applications, deployments, resources } = this.#options;
    const before = registry.snapshot().definitions;
    const candidate = await candidateSnapshot(registry, request);
    const after = candidate.definitions;
    const page = await applications.list({
      limit: request.limit ?? DEFAULT_LIMIT,
      cursor: request.cursor,
      filter: { environment: request.environments },
      sort: 'name',
      restrict,
    });
    const revisions = await applications.currentRevisions(
      page.items.map(({ id }) => id),
    );
    const records = await deployments.getMany(
      page.items.flatMap(({ lastDeploymentId }) => lastDeploymentId ?? []),
    );
    const last = new Map(records.map(record => [record.applicationId, record]));
    const specs = new Map(
      page.items.flatMap(application => {
        const spec = readSpecOf(revisions.get(application.id)?.score);
        return spec ? [[application.id, spec] as const] : [];
      }),
    );
    const shared = await findSharedUses(
      resources,
      page.items.flatMap(({ id, environment }) => {
        const workload =
          subject === 'providers' ? specs.get(id)?.workload : undefined;
        return workload ? { environment, workload } : [];
      }),
    );
    const comparison: Comparison = {
      subject,
      before,
      after,
      types: ResourceComparison.create({ before, after }),
    };
    return {
      definitions: compareSnapshots(before, after),
      problems: candidate.problems
        .flatMap(({ diagnostics }) => diagnostics)
        .filter(({ severity }) => severity === 'error'),
      items: page.items.flatMap(
        application =>
          this.#impactOn(application, {
            spec: specs.get(application.id),
            shared: shared.get(application.environment),
            deployment: last.get(application.id),
            comparison,
          }) ?? [],
      ),
      looked: page.items.length,
      nextCursor: page.nextCursor,
    };
  }

  #impactOn(
    application: ApplicationRecord,
    options: {
      spec: Spec | undefined;
      shared: Map<string, SharedUse> | undefined;
      deployment: DeploymentRecord | undefined;
      comparison: Comparison;
    },
  ): ApplicationImpact | undefined {
    const { spec, shared, deployment, comparison } = options;
    const { registry } = this.#options;
    const environment = registry.environment(application.environment);
    if (!environment || !spec) {
      return undefined;
    }
    const { subject, before, after, types } = comparison;
    const { workload, text } = spec;
    const resources =
      subject === 'providers'
        ? resourceImpacts({
            workload,
            text,
            shared,
            environment,
            before,
            after,
            comparison: types,
          })
        : [];
    const goldenPath =
      subject === 'golden-paths' && isDeploy(deployment)
        ? goldenPathImpact({
            name: deployment.goldenPath,
            workload,
            before,
            after,
            registry,
          })
        : undefined;
    if (resources.length === 0 && !goldenPath) {
      return undefined;
    }
    const { environment: place, name, owner, entityRef } = application;
    return {
      environment: place,
      name,
      owner,
      entityRef,
      resources,
      goldenPath,
    };
  }
}

interface Spec {
  text: string;
  workload: Workload;
}

function readSpecOf(text: string | undefined): Spec | undefined {
  const read = text === undefined ? undefined : readScore(text);
  return text === undefined || !read?.workload || hasErrors(read.diagnostics)
    ? undefined
    : { text, workload: read.workload };
}

function isDeploy(
  deployment: DeploymentRecord | undefined,
): deployment is DeploymentRecord {
  const ending: Array<DeploymentSummary['action']> = ['delete', 'deprovision'];
  return deployment !== undefined && !ending.includes(deployment.action);
}
