import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { Entity } from '@backstage/catalog-model';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  FileSource,
  JsonObject,
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
import { PlanDeploymentRequest } from './request';

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
}

export interface FindSourceOptions {
  environment: string;
  name: string;
  request: PlanDeploymentRequest;
  existing: ApplicationRecord | undefined;
  credentials: BackstageCredentials;
}

/** Finds the Score spec: in the request, in the catalog, or in the history. */
export class DeploymentSources {
  readonly #identities: ApplicationIdentities;
  readonly #applications: ApplicationStore;
  readonly #fileSources: CatalogFileSources;

  static create(options: {
    identities: ApplicationIdentities;
    applications: ApplicationStore;
    fileSources: CatalogFileSources;
  }): DeploymentSources {
    return new DeploymentSources(options);
  }

  private constructor(options: {
    identities: ApplicationIdentities;
    applications: ApplicationStore;
    fileSources: CatalogFileSources;
  }) {
    this.#identities = options.identities;
    this.#applications = options.applications;
    this.#fileSources = options.fileSources;
  }

  async find(options: FindSourceOptions): Promise<DeploymentSource> {
    const { request, name, existing } = options;
    const { action, score, entityRef } = request;
    if (
      action === 'rollback' ||
      action === 'delete' ||
      action === 'deprovision'
    ) {
      if (score !== undefined || entityRef !== undefined) {
        throw new InputError(
          `The action "${action}" works on what was deployed before. Leave "score" and "entityRef" out.`,
        );
      }
      return this.#fromHistory(options);
    }
    if (score !== undefined && entityRef !== undefined) {
      throw new InputError(
        'Both "score" and "entityRef" are given. Expected one of them.',
      );
    }
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
    request: { score?: string; entityRef?: string },
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
    const { workload, diagnostics } = readScore(source.text, {
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
    const number = await this.#revisionNumber(options, existing);
    const revision = await this.#applications.revision({
      applicationId: existing.id,
      number,
    });
    if (!revision) {
      throw new NotFoundError(
        `The application ${label} has no revision ${number}.`,
      );
    }
    return {
      text: revision.score,
      file: `revision ${number}`,
      identity: await this.#identities.find({ name, existing }),
    };
  }

  async #revisionNumber(
    options: FindSourceOptions,
    existing: ApplicationRecord,
  ): Promise<number> {
    const { request } = options;
    const [latest] = await this.#applications.revisions({
      applicationId: existing.id,
      limit: 1,
    });
    const current = existing.revision ?? latest?.number ?? 0;
    if (request.action !== 'rollback') {
      return current;
    }
    const target = request.target?.revision ?? current - 1;
    if (target < 1) {
      throw new InputError(
        `The application "${options.environment}/${options.name}" has no revision before ${current}. Name one in "target.revision".`,
      );
    }
    return target;
  }
}
