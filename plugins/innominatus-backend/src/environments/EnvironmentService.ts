import { NotFoundError } from '@backstage/errors';
import {
  Environment,
  EnvironmentCopies,
  EphemeralEnvironmentRequest,
  ephemeralKey,
  ephemeralNames,
  parseDuration,
} from '@innominatus/backstage-plugin-innominatus-common';
import { InnominatusEvent } from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { DefinitionRegistry, StoredEnvironments } from '../definitions';
import { ProblemError } from '../http';
import { copyDefinition } from './copyDefinition';
import { lockEnvironment } from './environmentUse';
import { Lifetimes } from './Lifetimes';
import { TtlLimitsByType } from './readTtlLimits';
import { AllowedTarget, requireAllowedTarget } from './allowedTargets';
import { readDefinition, staleVersion } from './readEnvironmentChange';
import { toEnvironment } from './toEnvironment';
import { EnvironmentStore } from './types';

export interface EnvironmentServiceOptions {
  knex: Knex;
  store: EnvironmentStore;
  registry: Pick<
    DefinitionRegistry,
    'fileEnvironment' | 'findEnvironment' | 'environments'
  >;
  ttlLimits: TtlLimitsByType;
  /** Where environments may lead that are not made from another one. */
  allowedTargets?: AllowedTarget[];
  publishEvent: (event: InnominatusEvent) => void;
  /** For tests. */
  now?: () => number;
}

/**
 * Environments that the API makes, changes and removes, beside those of files.
 *
 * Names are unique among both. Should a file bring a name that exists already,
 * the file holds: what is written down for everybody to see goes first.
 */
export class EnvironmentService implements StoredEnvironments {
  readonly #options: EnvironmentServiceOptions;
  readonly #lifetimes: Lifetimes;
  readonly #now: () => number;
  readonly #removalListeners: Array<() => Promise<void>> = [];
  #known: Environment[] = [];

  static create(options: EnvironmentServiceOptions): EnvironmentService {
    return new EnvironmentService(options);
  }

  private constructor(options: EnvironmentServiceOptions) {
    this.#options = options;
    this.#lifetimes = Lifetimes.create(options.ttlLimits);
    this.#now = options.now ?? Date.now;
  }

  /** Called once something is to be removed; must not reject. */
  addRemovalListener(listener: () => Promise<void>): void {
    this.#removalListeners.push(listener);
  }

  known(): Environment[] {
    return this.#known;
  }

  async load(name: string): Promise<Environment | undefined> {
    const record = await this.#options.store.get(name);
    return record && toEnvironment(record);
  }

  /** All there are now, those of files first, in the order of the platform team. */
  async list(): Promise<Environment[]> {
    const records = await this.#options.store.list();
    this.#known = records.map(toEnvironment);
    return this.#options.registry.environments();
  }

  /** With the version that a change of it has to name. */
  async get(
    name: string,
  ): Promise<{ environment: Environment; version?: number }> {
    const { registry, store } = this.#options;
    const environment = registry.fileEnvironment(name);
    if (environment) {
      return { environment };
    }
    const record = await store.get(name);
    if (!record) {
      throw new NotFoundError(`There is no environment "${name}"`);
    }
    return { environment: toEnvironment(record), version: record.version };
  }

  async create(options: {
    input: unknown;
    by: string;
  }): Promise<{ environment: Environment; version: number }> {
    const { store, registry } = this.#options;
    const definition = readDefinition(options.input);
    const { name } = definition;
    requireAllowedTarget(definition, this.#options.allowedTargets);
    const now = this.#now();
    const isNew =
      !registry.fileEnvironment(name) &&
      (await store.insert({
        definition,
        expiresAt: this.#lifetimes.endOf(definition, now),
        createdBy: options.by,
        now,
      }));
    if (!isNew) {
      throw new ProblemError({
        status: 409,
        code: 'ENVIRONMENT_EXISTS',
        message: `There is an environment "${name}" already. Choose another name, or change that one.`,
      });
    }
    await this.#changed({ type: 'environment.created', environment: name });
    return this.#getStored(name);
  }

  async update(options: {
    name: string;
    input: object;
    version: number;
  }): Promise<{ environment: Environment; version: number }> {
    const { store } = this.#options;
    const { name, input, version } = options;
    const { environment } = await this.get(name);
    this.requireChangeable(environment);
    const definition = readDefinition({ ...input, name });
    requireAllowedTarget(definition, this.#options.allowedTargets);
    const isSameTtl = definition.ttl === environment.ttl;
    const updated = await store.update({
      version,
      definition,
      expiresAt:
        isSameTtl && environment.expiresAt !== undefined
          ? Date.parse(environment.expiresAt)
          : this.#lifetimes.endOf(definition, this.#now()),
      now: this.#now(),
    });
    if (!updated) {
      throw staleVersion(name);
    }
    await this.#changed({ type: 'environment.updated', environment: name });
    return this.#getStored(name);
  }

  /**
   * Moves the end of a short-lived environment away: by a duration from the end
   * there is, or up to a time.
   */
  async extend(options: {
    name: string;
    by?: string;
    until?: number;
  }): Promise<{ environment: Environment; version: number }> {
    const { registry, store } = this.#options;
    const { name } = options;
    const record = await store.get(name);
    const { environment } = await this.get(name);
    this.requireChangeable(environment);
    if (!record || record.expiresAt === undefined) {
      throw new ProblemError({
        status: 409,
        code: 'ENVIRONMENT_HAS_NO_END',
        message: `The environment "${name}" has no end that could be moved.`,
      });
    }
    const now = this.#now();
    const expiresAt =
      options.until ??
      Math.max(now, record.expiresAt) + (parseDuration(options.by) ?? 0);
    this.#lifetimes.requireAllowed(
      record.definition,
      expiresAt - now,
      record.copy && (await registry.findEnvironment(record.copy.of)),
    );
    const updated = await store.update({
      version: record.version,
      definition: record.definition,
      expiresAt,
      now,
    });
    if (!updated) {
      throw staleVersion(name);
    }
    await this.#changed({ type: 'environment.updated', environment: name });
    return this.#getStored(name);
  }

  /** What holds for the next copy, by name, where copies are allowed. */
  async copiesOf(
    environments: Environment[],
  ): Promise<Map<string, EnvironmentCopies>> {
    const origins = environments.filter(({ ephemeral }) => ephemeral);
    const present = await this.#options.store.countCopies(
      origins.map(({ name }) => name),
    );
    return new Map(
      origins.map(origin => [
        origin.name,
        {
          present: present.get(origin.name) ?? 0,
          limit: origin.ephemeral?.limit,
          ...this.#lifetimes.ofCopies(origin),
        },
      ]),
    );
  }

  /** The environment of a branch or pull request, if there is one. */
  async findCopy(
    request: EphemeralEnvironmentRequest,
  ): Promise<Environment | undefined> {
    const record = await this.#options.store.findCopy(ephemeralKey(request));
    return record && toEnvironment(record);
  }

  /** The one there is for this branch or pull request, or a new one. */
  async createCopy(options: {
    request: EphemeralEnvironmentRequest;
    by: string;
  }): Promise<{ environment: Environment; version: number; isNew: boolean }> {
    const { request, by } = options;
    const origin = await this.requireOrigin(request.from);
    const key = ephemeralKey(request);
    for (const name of ephemeralNames(request)) {
      const isNew =
        !this.#options.registry.fileEnvironment(name) &&
        (await this.#insertCopy({ name, key, origin, request, by }));
      const existing = await this.#options.store.findCopy(key);
      if (existing) {
        if (existing.state === 'removing') {
          throw new ProblemError({
            status: 409,
            code: 'ENVIRONMENT_REMOVING',
            message: `The environment "${existing.definition.name}" is being removed. Ask again when it is gone.`,
            retryAfterSeconds: 30,
          });
        }
        if (isNew) {
          await this.#changed({
            type: 'environment.created',
            environment: name,
          });
        }
        return {
          environment: toEnvironment(existing),
          version: existing.version,
          isNew,
        };
      }
    }
    throw new ProblemError({
      status: 409,
      code: 'ENVIRONMENT_EXISTS',
      message: `The names "${ephemeralNames(request).join('", "')}" are taken by other environments. Name a "project".`,
    });
  }

  /** From now on nothing is deployed there, and what is there is removed. */
  async remove(options: { name: string; version?: number }): Promise<void> {
    const { name, version } = options;
    const { environment } = await this.get(name);
    this.requireChangeable(environment);
    const now = this.#now();
    if (!(await this.#options.store.markRemoving({ name, version, now }))) {
      throw staleVersion(name);
    }
    await this.#changed({ type: 'environment.updated', environment: name });
    for (const listener of this.#removalListeners) {
      void listener();
    }
  }

  /** Throws for environments of files, and for those that are being removed. */
  requireChangeable(environment: Environment): void {
    const { name, source, state } = environment;
    if (this.#options.registry.fileEnvironment(name)) {
      throw new ProblemError({
        status: 409,
        code: 'ENVIRONMENT_READ_ONLY',
        message: `The environment "${name}" is defined in "${source}" and cannot be changed here. Change that file.`,
      });
    }
    if (state === 'removing') {
      throw new ProblemError({
        status: 409,
        code: 'ENVIRONMENT_REMOVING',
        message: `The environment "${name}" is being removed and cannot be changed any more.`,
      });
    }
  }

  /** The environment that copies are made from; throws when it allows none. */
  async requireOrigin(name: string): Promise<Environment> {
    const origin = await this.#options.registry.findEnvironment(name);
    if (!origin) {
      throw new NotFoundError(`There is no environment "${name}"`);
    }
    if (!origin.ephemeral || origin.state === 'removing') {
      throw new ProblemError({
        status: 422,
        code: 'ENVIRONMENT_NOT_COPYABLE',
        message: `No short-lived environment can be made from "${name}". The platform team allows it with "ephemeral: {}" in its definition.`,
      });
    }
    return origin;
  }

  async #insertCopy(options: {
    name: string;
    key: string;
    origin: Environment;
    request: EphemeralEnvironmentRequest;
    by: string;
  }): Promise<boolean> {
    const { name, key, origin, request, by } = options;
    const now = this.#now();
    const { project, branch, pullRequest, ttl } = request;
    const expiresAt = this.#lifetimes.endOfCopy({ name, ttl, origin }, now);
    return this.#options.knex.transaction(async transaction => {
      const store = this.#options.store.within(transaction);
      await lockEnvironment(transaction, origin.name);
      if (await store.findCopy(key)) {
        return false;
      }
      const limit = origin.ephemeral?.limit;
      const copies = await store.countCopies([origin.name]);
      const present = copies.get(origin.name) ?? 0;
      if (limit !== undefined && present >= limit) {
        throw new ProblemError({
          status: 409,
          code: 'QUOTA_EXCEEDED',
          message: `There may be ${limit} environments made from "${origin.name}", and there are ${present}. Remove one that is not needed any more.`,
        });
      }
      return store.insert({
        definition: copyDefinition(origin, { name, request }),
        copy: {
          of: origin.name,
          key,
          source: { project, branch, pullRequest },
        },
        expiresAt,
        createdBy: by,
        now,
      });
    });
  }

  async #getStored(
    name: string,
  ): Promise<{ environment: Environment; version: number }> {
    const { environment, version = 0 } = await this.get(name);
    return { environment, version };
  }

  async #changed(event: InnominatusEvent): Promise<void> {
    await this.list();
    this.#options.publishEvent(event);
  }
}
