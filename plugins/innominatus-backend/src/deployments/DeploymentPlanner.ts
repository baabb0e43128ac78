import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  Environment,
  LoadedGoldenPath,
  Workload,
  sortDiagnostics,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ApplicationIdentity } from '../applications/ApplicationIdentities';
import { ApplicationRecord, ApplicationStore } from '../applications/types';
import { DefinitionRegistry } from '../definitions';
import { DriftRepairs } from '../drift/DriftRepairs';
import {
  environmentOf,
  requireEnvironment,
} from '../environments/environmentOf';
import { ProblemError } from '../http';
import { ResourceStore } from '../resources/types';
import { DeploymentSource, DeploymentSources } from './DeploymentSources';
import { approvalFor } from './approvalFor';
import { checkOutputs } from './checkOutputs';
import { Costs } from './Costs';
import { describeChanges } from './describeChanges';
import { Requester, Requesters } from '../policies/Requesters';
import { overriddenPlaces } from './overriddenPlaces';
import { inheritSettings } from './inheritedSettings';
import { isEndingAction } from './deploymentActions';
import { planManifests } from './planManifests';
import { hashOf, partsOf } from './planParts';
import { NO_POLICIES, PlanPolicies } from './PlanPolicies';
import { planRemovals, planResources } from './planResources';
import { planWarnings } from './planWarnings';
import { prepareRun, unknownGoldenPath } from './prepareRun';
import { failOnErrors, readSpec } from './readSpec';
import { PlanDeploymentRequest } from './request';
import { RevisionWorkloads } from './RevisionWorkloads';
import { ScorePlaces } from './ScorePlaces';
import { sha256Of } from './sha256';
import { DeploymentRecord, PlannedDeployment } from './types';

/** What a plan is made for, before anything was compared. */
export interface DeploymentSubject {
  environment: Environment;
  existing: ApplicationRecord | undefined;
  /** The same, also when it was deleted: its name and its history stay. */
  previous: ApplicationRecord | undefined;
  source: DeploymentSource;
  identity: ApplicationIdentity;
  /** What was asked for, with what the past has to say to it. */
  request: PlanDeploymentRequest;
  /** What policies want to know of who asks. */
  requester?: Requester;
  /** Places of the Score spec that were overridden. */
  overrides: string[];
}

export interface PlanDeploymentOptions {
  environment: string;
  name: string;
  request: PlanDeploymentRequest;
  credentials: BackstageCredentials;
}

export interface DeploymentPlannerOptions {
  registry: DefinitionRegistry;
  sources: DeploymentSources;
  applications: ApplicationStore;
  resources: ResourceStore;
  /** What has to be brought back; without it nothing is known to drift. */
  repairs?: Pick<DriftRepairs, 'find'>;
  /** Without it nothing is judged. */
  policies?: PlanPolicies;
  /** Nobody is known without it. */
  requesters?: Pick<Requesters, 'find'>;
  /** Without it only what providers say has a price. */
  costs?: Costs;
}

/**
 * Works out what a deployment would change. Reads only: it is always safe to
 * call, and the same input and state give the same hash.
 */
export class DeploymentPlanner {
  readonly #options: DeploymentPlannerOptions;
  readonly #deployed = RevisionWorkloads.create();

  static create(options: DeploymentPlannerOptions): DeploymentPlanner {
    return new DeploymentPlanner(options);
  }

  private constructor(options: DeploymentPlannerOptions) {
    this.#options = options;
  }

  /** Finds out what is meant and to whom it belongs. */
  async identify(options: PlanDeploymentOptions): Promise<DeploymentSubject> {
    const { registry, applications, sources } = this.#options;
    const environment = await requireEnvironment(registry, options);
    const found = await applications.find(options);
    const existing = found?.deletedAt === undefined ? found : undefined;
    const source = await sources.find({ ...options, existing });
    const { request, warnings } = inheritSettings({
      request: options.request,
      settings: source.settings,
      goldenPath: name => registry.goldenPath(name),
    });
    return {
      environment,
      existing,
      previous: found,
      source: {
        ...source,
        warnings: [...(source.warnings ?? []), ...warnings],
      },
      identity: source.identity,
      requester: await this.#options.requesters?.find(options.credentials),
      overrides: overriddenPlaces(source),
      request,
    };
  }

  /** The same for a deployment that is stored, without asking anybody. */
  async identifyAgain(
    deployment: DeploymentRecord,
  ): Promise<DeploymentSubject> {
    const { registry, applications } = this.#options;
    const { environment: name, request, revision: number } = deployment;
    const environment = await requireEnvironment(registry, deployment);
    const found = await applications.get(deployment.applicationId);
    const revision = await applications.revision({
      applicationId: deployment.applicationId,
      number,
    });
    if (!found || !revision || !request) {
      throw new NotFoundError(
        `What deployment ${deployment.number} of "${name}/${deployment.name}" was made for is not there any more`,
      );
    }
    const { identity, priority, requester, overridden, ...rest } = request;
    return {
      environment,
      existing: found.deletedAt === undefined ? found : undefined,
      previous: found,
      source: { text: revision.score, file: `revision ${number}`, identity },
      identity,
      requester,
      overrides: overridden ?? [],
      request: rest,
    };
  }

  /** As an application in it sees it; nothing when it is gone. */
  async environment(application: {
    environment: string;
    name: string;
  }): Promise<Environment | undefined> {
    return environmentOf(this.#options.registry, application);
  }

  /** The golden path that a request names, if it names one. */
  goldenPathOf(request: PlanDeploymentRequest): LoadedGoldenPath | undefined {
    if (request.goldenPath === undefined) {
      return undefined;
    }
    const goldenPath = this.#options.registry.goldenPath(request.goldenPath);
    if (!goldenPath) {
      throw unknownGoldenPath(request.goldenPath);
    }
    return goldenPath;
  }

  async plan(
    subject: DeploymentSubject,
    name: string,
  ): Promise<PlannedDeployment> {
    const { environment, existing, source, identity, request } = subject;
    refuseOtherOwner(subject, name);
    const { text, workload, diagnostics } = readSpec(source, name);
    const places = ScorePlaces.create({ text: source.text, file: source.file });
    const isEnding = isEndingAction(request.action);
    const drifted =
      request.action === 'repair' && existing
        ? await this.#options.repairs?.find(existing, request)
        : undefined;

    const resources = isEnding
      ? []
      : await planResources({
          workload,
          environment,
          providers: this.#options.registry.providers(),
          findWorkflow: workflow => this.#options.registry.workflow(workflow),
          store: this.#options.resources,
          places,
          drifted: drifted?.resources,
        });
    checkOutputs({ workload, resources, places });
    const { removals, unused } = await planRemovals({
      environment: environment.name,
      workload: name,
      wanted: new Set(resources.map(resource => resource.work.uid)),
      keep: request.prune === false && !isEnding,
      store: this.#options.resources,
    });
    failOnErrors([...diagnostics, ...places.diagnostics]);

    const owner = identity.owner ?? existing?.owner;
    const { policies = NO_POLICIES } = this.#options;
    const run = prepareRun({
      registry: this.#options.registry,
      request,
      workload,
      resources,
      removals,
      required: made =>
        policies.required?.({
          ...made,
          environment,
          name,
          action: request.action,
          owner,
          system: identity.system,
          workload,
        }) ?? [],
    });
    const before = await this.#deployedWorkload(existing);
    const manifests = await planManifests({
      environment,
      before,
      after: isEnding ? undefined : workload,
      resources,
      store: this.#options.resources,
      registry: this.#options.registry,
      places,
      drifted: drifted?.manifests,
    });
    const all = sortDiagnostics([
      ...diagnostics,
      ...run.diagnostics,
      ...places.diagnostics,
    ]);
    failOnErrors(all);

    const planned = [
      ...[...resources, ...removals].map(item => item.planned),
      ...unused,
    ];
    const work = {
      resources: resources.map(item => item.work),
      removals: removals.map(item => item.work),
    };
    const cost = await this.#cost(subject, resources);
    const verdicts = await policies.evaluate({
      environment,
      name,
      action: request.action,
      owner,
      system: identity.system,
      workload,
      goldenPath: run.goldenPath,
      definition: run.definition,
      parameters: run.parameters,
      resources: planned,
      manifests,
      cost,
      overrides: subject.overrides,
      user: subject.requester,
      unavailable: run.unavailable,
    });
    const scoreHash = sha256Of(text);
    const parts = partsOf({
      subject,
      scoreHash,
      run,
      work,
      resources: planned,
      manifests,
      policies: verdicts,
      cost,
    });
    return {
      environment,
      name,
      action: request.action,
      identity: {
        entityRef: identity.entityRef ?? existing?.entityRef,
        owner,
      },
      existing,
      workload,
      score: text,
      scoreHash,
      version: Object.values(workload.containers)[0]?.image,
      run,
      work,
      matches: new Map(resources.map(item => [item.work.name, item.match])),
      resources: planned,
      manifests,
      diagnostics: all,
      policies: verdicts,
      approval: approvalFor(environment, { action: request.action, owner }),
      cost,
      warnings: [
        ...(source.warnings ?? []),
        ...planWarnings({
          action: request.action,
          workload,
          system: identity.system,
          resources: planned,
          manifests,
          others: new Map(resources.map(plan => [plan.work.name, plan.others])),
        }),
      ],
      changes: describeChanges({
        before,
        after: isEnding ? undefined : workload,
        resources: planned,
      }),
      parts,
      hash: hashOf(parts, name),
    };
  }

  async #cost(
    subject: DeploymentSubject,
    resources: Awaited<ReturnType<typeof planResources>>,
  ): Promise<PlannedDeployment['cost']> {
    const { costs = Costs.create(), applications } = this.#options;
    const { environment, existing } = subject;
    return costs.plan({
      environment,
      before: existing?.monthlyCost,
      others: environment.budget
        ? await applications.monthlyCost({
            environment: environment.name,
            except: existing?.id,
          })
        : 0,
      resources: resources.map(({ work, match }) => ({
        name: work.name,
        type: work.type,
        class: work.class,
        params: work.params,
        resourceType: match.resourceType,
      })),
    });
  }

  /** The workload that is deployed now; nothing before the first success. */
  async #deployedWorkload(
    existing: ApplicationRecord | undefined,
  ): Promise<Workload | undefined> {
    if (existing?.revision === undefined) {
      return undefined;
    }
    const revision = await this.#options.applications.revision({
      applicationId: existing.id,
      number: existing.revision,
    });
    return revision && this.#deployed.read(revision);
  }
}

function refuseOtherOwner(subject: DeploymentSubject, name: string): void {
  const { existing, identity, environment } = subject;
  if (
    existing?.owner !== undefined &&
    identity.owner !== undefined &&
    existing.owner !== identity.owner &&
    existing.entityRef !== identity.entityRef
  ) {
    throw new ProblemError({
      status: 409,
      code: 'APPLICATION_OWNED_BY_OTHERS',
      message: `The application "${environment.name}/${name}" belongs to "${existing.owner}" (${existing.entityRef ?? 'no entity'}), not to "${identity.owner}". Choose another name in "metadata.name" of the Score spec.`,
    });
  }
}
