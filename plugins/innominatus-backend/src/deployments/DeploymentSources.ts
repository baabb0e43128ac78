import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { Entity } from '@backstage/catalog-model';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  FileSource,
  JsonObject,
  PlanWarning,
  readScore,
} from '@innominatus/backstage-plugin-innominatus-common';
import { stringify } from 'yaml';
import {
  ApplicationIdentities,
  ApplicationIdentity,
} from '../applications/ApplicationIdentities';
import { ApplicationRecord, ApplicationStore } from '../applications/types';
import { ProblemError } from '../http';
import { CatalogFileSources } from '../score/CatalogFileSources';
import { isEndingAction } from './deploymentActions';
import { settingsOf } from './inheritedSettings';
import { PlanDeploymentRequest } from './request';
import { findRollbackTarget } from './rollbackTarget';
import { DeploymentSettings, DeploymentStore } from './types';

/** The Score spec that a request means, and whom the application belongs to. */
export interface DeploymentSource {
  text: string;
  file?: string;
  identity: ApplicationIdentity;
  overrides?: JsonObject;
  overrideProperties?: string[];
  /** Stands in for every image `.`. */
  image?: string;
  /** What the files under `files.*.source` hold. */
  sources?: Record<string, FileSource>;
  /** What a person should know about where it comes from. */
  warnings?: PlanWarning[];
  /** How it was deployed before; what the request says itself comes first. */
  settings?: DeploymentSettings;
}

export interface FindSourceOptions {
  environment: string;
  name: string;
  request: PlanDeploymentRequest;
  existing: ApplicationRecord | undefined;
  credentials: BackstageCredentials;
}

export interface DeploymentSourcesOptions {
  fileSources: CatalogFileSources;
  identities: ApplicationIdentities;
  applications: ApplicationStore;
  deployments: DeploymentStore;
}

/** Finds the Score spec: in the request, in the catalog, or in the history. */
export class DeploymentSources {
  readonly #identities: ApplicationIdentities;
  readonly #applications: ApplicationStore;
  readonly #fileSources: CatalogFileSources;
  readonly #deployments: DeploymentStore;

  static create(options: DeploymentSourcesOptions): DeploymentSources {
    return new DeploymentSources(options);
  }

  private constructor(options: DeploymentSourcesOptions) {
    this.#identities = options.identities;
    this.#applications = options.applications;
    this.#deployments = options.deployments;
    this.#fileSources = options.fileSources;
  }

  async find(options: FindSourceOptions): Promise<DeploymentSource> {
    const { request } = options;
    const { action } = request;
    requireFittingRequest(request);
    if (action === 'promote') {
      return this.#fromEnvironment(options, request.from ?? '');
    }
    if (
      action === 'rollback' ||
      action === 'delete' ||
      action === 'deprovision' ||
      action === 'repair'
    ) {
      return this.#fromHistory(options);
    }
    return {
      ...(await this.#fromRequest(options)),
      settings: await this.#currentSettings(options),
    };
  }

  async #fromRequest(options: FindSourceOptions): Promise<DeploymentSource> {
    const { request, name, existing } = options;
    const { score, entityRef } = request;
    const { overrides, overrideProperties, image, sources, file } = request;
    const changes = { overrides, overrideProperties, image };
    if (sources !== undefined && score === undefined) {
      throw new InputError(
        'The files in "sources" belong to a Score spec in "score", but there is none.',
      );
    }
    if (entityRef !== undefined) {
      const { entity, ...found } = await this.#readCatalog(
        entityRef,
        options.credentials,
      );
      const { workload } = readScore(found.text, changes);
      return {
        ...found,
        ...changes,
        sources: workload && (await this.#fileSources.read(entity, workload)),
      };
    }
    if (score !== undefined) {
      return {
        text: score,
        file,
        identity: await this.#identities.find({ name, existing }),
        ...changes,
        sources,
      };
    }
    return { ...(await this.#fromHistory(options)), ...changes };
  }

  /** Name of the workload that a Score text or an entity describes. */
  async nameOf(
    request: Pick<
      PlanDeploymentRequest,
      'score' | 'entityRef' | 'image' | 'overrides' | 'overrideProperties'
    >,
    credentials: BackstageCredentials,
  ): Promise<string> {
    const { score, entityRef } = request;
    if ((score === undefined) === (entityRef === undefined)) {
      throw new InputError(
        'Say which workload is meant: expected one of "score" and "entityRef".',
      );
    }
    const source =
      score === undefined
        ? await this.#readCatalog(entityRef ?? '', credentials)
        : { text: score, file: undefined };
    const { image, overrides, overrideProperties } = request;
    const { workload, diagnostics } = readScore(source.text, {
      ...{ image, overrides, overrideProperties },
      file: source.file,
    });
    if (!workload) {
      throw new ProblemError({
        status: 422,
        code: 'SCORE_INVALID',
        message: diagnostics[0].message,
        issues: diagnostics,
      });
    }
    return workload.name;
  }

  async #readCatalog(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<DeploymentSource & { entity: Entity }> {
    const entity = await this.#identities.readEntity(entityRef, credentials);
    const score = entity.spec?.score;
    const identity = this.#identities.identify(entity);
    if (score === undefined || score === null) {
      throw new InputError(
        `The entity "${identity.entityRef}" has no Score spec. Add "spec.score", for example { $yaml: ./score.yaml }.`,
      );
    }
    return {
      text:
        typeof score === 'string'
          ? score
          : stringify(score, { aliasDuplicateObjects: false, lineWidth: 0 }),
      file: 'spec.score',
      identity,
      entity,
    };
  }

  async #fromHistory(options: FindSourceOptions): Promise<DeploymentSource> {
    const { environment, name, existing } = options;
    const label = `"${environment}/${name}"`;
    if (!existing) {
      throw new NotFoundError(
        `There is no application ${label}. Deploy a Score spec first.`,
      );
    }
    const { revision, settings, warnings } = await this.#target(
      options,
      existing,
    );
    return {
      ...(await this.#readRevision(existing, revision)),
      identity: await this.#identities.find({ name, existing }),
      settings,
      warnings,
    };
  }

  /** What runs elsewhere, with the settings that this environment had last. */
  async #fromEnvironment(
    options: FindSourceOptions,
    from: string,
  ): Promise<DeploymentSource> {
    const { name, environment, existing } = options;
    const other = await this.#applications.find({ environment: from, name });
    if (!other || other.deletedAt !== undefined) {
      throw new NotFoundError(`There is no application "${from}/${name}"`);
    }
    if (other.revision === undefined) {
      throw new InputError(
        `Nothing of "${from}/${name}" runs in "${from}", so nothing of it can be promoted to "${environment}". Deploy it there first.`,
      );
    }
    const last =
      existing && (await this.#deployments.lastSucceeded(existing.id));
    return {
      ...(await this.#readRevision(other, other.revision)),
      identity: await this.#identities.find({
        name,
        existing: existing ?? other,
      }),
      settings: last && settingsOf(last),
    };
  }

  async #readRevision(
    application: ApplicationRecord,
    number: number,
  ): Promise<Pick<DeploymentSource, 'text' | 'file'>> {
    const { id, environment, name } = application;
    const revision = await this.#applications.revision({
      applicationId: id,
      number,
    });
    if (!revision) {
      throw new NotFoundError(
        `The application "${environment}/${name}" has no revision ${number}.`,
      );
    }
    return { text: revision.score, file: `revision ${number}` };
  }

  /** Which revision is meant, and how it was deployed. */
  async #target(
    options: FindSourceOptions,
    existing: ApplicationRecord,
  ): Promise<
    { revision: number } & Pick<DeploymentSource, 'settings' | 'warnings'>
  > {
    const { request } = options;
    const label = `"${options.environment}/${options.name}"`;
    if (request.action === 'rollback') {
      return findRollbackTarget({
        existing,
        label,
        target: request.target,
        deployments: this.#deployments,
      });
    }
    if (request.action === 'repair') {
      const last = await this.#deployments.lastSucceeded(existing.id);
      if (existing.revision === undefined || !last) {
        throw new InputError(
          `Nothing of ${label} is deployed, so nothing of it can be brought back. Deploy it first.`,
        );
      }
      return { revision: existing.revision, settings: settingsOf(last) };
    }
    if (existing.revision !== undefined) {
      return { revision: existing.revision };
    }
    const [latest] = await this.#applications.revisions({
      applicationId: existing.id,
      limit: 1,
    });
    return { revision: latest?.number ?? 0 };
  }

  /** How a deployment goes on that does not say how. */
  async #currentSettings({
    request,
    existing,
  }: FindSourceOptions): Promise<DeploymentSource['settings']> {
    if (!existing || request.goldenPath !== undefined) {
      return undefined;
    }
    const succeeded = await this.#deployments.lastSucceeded(existing.id);
    const current =
      succeeded ??
      (existing.lastDeploymentId === undefined
        ? undefined
        : await this.#deployments.get(existing.lastDeploymentId));
    return current && !isEndingAction(current.action)
      ? settingsOf(current)
      : undefined;
  }
}

function requireFittingRequest(request: PlanDeploymentRequest): void {
  const { action, score, entityRef, from, target } = request;
  const isOld = [
    'rollback',
    'delete',
    'deprovision',
    'promote',
    'repair',
  ].includes(action);
  if (isOld && (score !== undefined || entityRef !== undefined)) {
    throw new InputError(
      `The action "${action}" works on what was deployed before. Leave "score" and "entityRef" out.`,
    );
  }
  if (score !== undefined && entityRef !== undefined) {
    throw new InputError(
      'Both "score" and "entityRef" are given. Expected one of them.',
    );
  }
  if ((action === 'promote') !== (from !== undefined)) {
    throw new InputError(
      action === 'promote'
        ? 'The action "promote" needs "from": the environment whose revision is deployed.'
        : `Only the action "promote" takes "from", not "${action}".`,
    );
  }
  if (action !== 'repair' && request.resources !== undefined) {
    throw new InputError(
      `Only the action "repair" takes "resources", not "${action}".`,
    );
  }
  if (action !== 'rollback' && target !== undefined) {
    throw new InputError(
      `Only the action "rollback" takes "target", not "${action}".`,
    );
  }
}
