import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  DEFAULT_YAML_LIMITS,
  Diagnostic,
  Environment,
  LoadedGoldenPath,
  Workload,
  findForgedSecret,
  hasErrors,
  readScore,
  sortDiagnostics,
} from '@innominatus/backstage-plugin-innominatus-common';
import { stringify } from 'yaml';
import { ApplicationIdentity } from '../applications/ApplicationIdentities';
import { ApplicationRecord, ApplicationStore } from '../applications/types';
import { DefinitionRegistry } from '../definitions';
import {
  environmentOf,
  requireEnvironment,
} from '../environments/environmentOf';
import { ProblemError } from '../http';
import { ResourceStore } from '../resources/types';
import { DeploymentSource, DeploymentSources } from './DeploymentSources';
import { PreparedRun, prepareRun, unknownGoldenPath } from './prepareRun';
import {
  RemovalPlan,
  ResourcePlan,
  planRemovals,
  planResources,
} from './planResources';
import { planManifests } from './planManifests';
import { PlanDeploymentRequest } from './request';
import { checkOutputs } from './checkOutputs';
import { ScorePlaces } from './ScorePlaces';
import { sha256Of } from './sha256';
import { describeChanges } from './describeChanges';
import { PlannedDeployment } from './types';

/** What a plan is made for, before anything was compared. */
export interface DeploymentSubject {
  environment: Environment;
  existing: ApplicationRecord | undefined;
  /** The same, also when it was deleted: its name and its history stay. */
  previous: ApplicationRecord | undefined;
  source: DeploymentSource;
  identity: ApplicationIdentity;
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
}

const ENDING_ACTIONS: string[] = ['delete', 'deprovision'];

/**
 * Works out what a deployment would change. Reads only: it is always safe to
 * call, and the same input and state give the same hash.
 */
export class DeploymentPlanner {
  readonly #options: DeploymentPlannerOptions;

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
    return {
      environment,
      existing,
      previous: found,
      source,
      identity: source.identity,
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
    options: Pick<PlanDeploymentOptions, 'name' | 'request'>,
  ): Promise<PlannedDeployment> {
    const { environment, existing, source, identity } = subject;
    const { name, request } = options;
    refuseOtherOwner(subject, name);
    const { text, workload, diagnostics } = readSpec(source, name);
    const places = ScorePlaces.create({ text: source.text, file: source.file });
    const isEnding = ENDING_ACTIONS.includes(request.action);

    const resources = isEnding
      ? []
      : await planResources({
          workload,
          environment,
          providers: this.#options.registry.providers(),
          store: this.#options.resources,
          places,
        });
    checkOutputs({ workload, resources, places });
    const removals = await planRemovals({
      environment: environment.name,
      workload: name,
      wanted: new Set(resources.map(resource => resource.work.uid)),
      store: this.#options.resources,
    });
    failOnErrors([...diagnostics, ...places.diagnostics]);

    const run = prepareRun({
      registry: this.#options.registry,
      request,
      workload,
      resources,
      removals,
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
    });
    const all = sortDiagnostics([
      ...diagnostics,
      ...run.diagnostics,
      ...places.diagnostics,
    ]);
    failOnErrors(all);

    const planned = [...resources, ...removals].map(item => item.planned);
    const scoreHash = sha256Of(text);
    return {
      environment,
      name,
      action: request.action,
      identity: {
        entityRef: identity.entityRef ?? existing?.entityRef,
        owner: identity.owner ?? existing?.owner,
      },
      existing,
      workload,
      score: text,
      scoreHash,
      version: Object.values(workload.containers)[0]?.image,
      run,
      work: {
        resources: resources.map(item => item.work),
        removals: removals.map(item => item.work),
      },
      resources: planned,
      manifests,
      diagnostics: all,
      changes: describeChanges({
        before,
        after: isEnding ? undefined : workload,
        resources: planned,
      }),
      hash: hashPlan({
        subject,
        options,
        scoreHash,
        run,
        resources,
        removals,
        manifests,
      }),
    };
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
    return revision && readScore(revision.score).workload;
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

function readSpec(
  source: DeploymentSource,
  name: string,
): { text: string; workload: Workload; diagnostics: Diagnostic[] } {
  const { text, file, identity, ...changes } = source;
  const result = readScore(text, { file, ...changes, deployable: true });
  if (!result.workload || !result.document) {
    failOnErrors(result.diagnostics);
    throw new Error('A Score spec without errors gave no workload');
  }
  if (result.workload.name !== name) {
    const places = ScorePlaces.create({ text, file });
    places.error({
      code: 'APPLICATION_NAME_MISMATCH',
      message: `The Score spec describes "${result.workload.name}", but the application is called "${name}".`,
      pointer: '/metadata/name',
      suggestions: [
        `Write "name: ${name}", or deploy to the application "${result.workload.name}".`,
      ],
    });
    failOnErrors(places.diagnostics);
  }
  // Only the backend makes references to secrets; one in a spec is forged.
  const forged = findForgedSecret(result.document);
  if (forged !== undefined) {
    const places = ScorePlaces.create({ text, file });
    places.error({
      code: 'SECRET_REFERENCE_FORBIDDEN',
      message: 'A Score spec cannot name a stored secret.',
      pointer: forged,
      suggestions: [
        'Use a placeholder such as ${resources.db.password} instead.',
      ],
    });
    failOnErrors(places.diagnostics);
  }
  const isChanged =
    changes.overrides !== undefined ||
    (changes.overrideProperties ?? []).length > 0 ||
    changes.image !== undefined ||
    changes.sources !== undefined;
  // As its author wrote it, comments and all, when that is what is deployed.
  const final = isChanged ? stringify(result.document, { lineWidth: 0 }) : text;
  if (Buffer.byteLength(final) > DEFAULT_YAML_LIMITS.maxBytes) {
    const places = ScorePlaces.create({ text, file });
    places.error({
      code: 'SCORE_TOO_LARGE',
      message: `With its files the Score spec has ${Buffer.byteLength(final)} bytes, at most ${DEFAULT_YAML_LIMITS.maxBytes} can be kept.`,
      pointer: '/containers',
      suggestions: ['Put large files into the image, or onto a volume.'],
    });
    failOnErrors(places.diagnostics);
  }
  return {
    text: final,
    workload: result.workload,
    diagnostics: result.diagnostics,
  };
}

function failOnErrors(diagnostics: Diagnostic[]): void {
  if (!hasErrors(diagnostics)) {
    return;
  }
  const errors = diagnostics.filter(item => item.severity === 'error');
  throw new ProblemError({
    status: 422,
    code: 'SCORE_INVALID',
    message:
      errors.length === 1
        ? errors[0].message
        : `There are ${errors.length} errors, the first is: ${errors[0].message}`,
    issues: sortDiagnostics(diagnostics),
  });
}

function hashPlan(parts: {
  subject: DeploymentSubject;
  options: Pick<PlanDeploymentOptions, 'name' | 'request'>;
  scoreHash: string;
  run: PreparedRun;
  resources: ResourcePlan[];
  removals: RemovalPlan[];
  manifests: PlannedDeployment['manifests'];
}): string {
  const { subject, options, run } = parts;
  // What decides where things go; rules and freeze windows change no plan.
  const { name, type, target, variables } = subject.environment;
  return sha256Of({
    action: options.request.action,
    environment: { name, type, target, variables },
    name: options.name,
    // Not the entity that was found: it may appear in the catalog any moment,
    // and changes nothing of what is deployed.
    entityRef: options.request.entityRef,
    score: parts.scoreHash,
    goldenPath: run.goldenPath,
    definition: run.definition,
    parameters: run.parameters,
    resources: parts.resources.map(item => item.planned),
    removals: parts.removals.map(item => [item.planned, item.work]),
    manifests: parts.manifests,
  });
}
