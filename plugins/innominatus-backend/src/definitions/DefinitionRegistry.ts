import {
  LoggerService,
  SchedulerService,
  UrlReaderService,
} from '@backstage/backend-plugin-api';
import { Config, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import {
  DefinitionOptions,
  DefinitionProblems,
  Environment,
  LoadedGoldenPath,
  LoadedWorkflow,
  LoadedProvider,
  PolicyDefinition,
  StepTypeInfo,
  hasErrors,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  DefinitionLocation,
  DefinitionLocationType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { version } from '../../package.json';
import { StepTypeRegistry } from '../stepTypes/StepTypeRegistry';
import { combineLocations } from './combineLocations';
import { definitionKey } from './definitionKey';
import { KIND_OF, emptyDefinitions, nameOf } from './definitionKinds';
import { originOf } from './definitionOrigin';
import { firstSnapshot } from './firstSnapshot';
import { LastGoodDefinitions } from './LastGoodDefinitions';
import { LocationReader } from './LocationReader';
import { readLocations } from './readLocations';
import { reportSnapshot } from './reportSnapshot';
import { DefinitionSnapshot } from './types';
import { unreadableProblems } from './unreadableProblems';

const DEFAULT_REFRESH_MS = 30_000;

/** Environments that are no files. */
export interface StoredEnvironments {
  /** As they were seen last. */
  known(): Environment[];
  load(name: string): Promise<Environment | undefined>;
}

/** Which locations are read. All of them when nothing is said. */
export interface RefreshOptions {
  /** Only those whose time has come. */
  isDue?: boolean;
  /** Only those that lie at one of these addresses. */
  addresses?: readonly string[];
}

export interface DefinitionRegistryOptions {
  locations: DefinitionLocation[];
  /** Locations that come with the code and are as they are. */
  codeLocations?: DefinitionLocation[];
  /** What keeps the last good version beyond a restart. */
  lastGood?: LastGoodDefinitions;
  stepTypes: StepTypeRegistry;
  logger: LoggerService;
  refreshMs: number;
  /** What workflows may ask for. */
  bounds?: Omit<DefinitionOptions, 'stepTypes'>;
  /** Called after something was loaded that is not what was there before. */
  onChange?: () => void;
}

/**
 * Environments, providers, golden paths and workflows from
 * `innominatus.locations`.
 *
 * Whatever is wrong with the files is shown as problems and never thrown: what
 * was good stays in use.
 */
export class DefinitionRegistry {
  readonly #options: DefinitionRegistryOptions;
  readonly #readers: LocationReader[];
  #snapshot: DefinitionSnapshot = {
    definitions: emptyDefinitions(),
    problems: [],
    conflicts: [],
    lastGood: new Set(),
  };
  readonly #listeners: Array<() => void> = [];
  #storedEnvironments: StoredEnvironments | undefined;
  readonly #stopped = new AbortController();
  #isCombined = false;
  #refreshing: Promise<void> | undefined;
  #next: { promise: Promise<void>; options: RefreshOptions[] } | undefined;

  static create(options: DefinitionRegistryOptions): DefinitionRegistry {
    return new DefinitionRegistry(options);
  }

  static fromConfig(
    config: Config,
    options: {
      urlReader: UrlReaderService;
      /** Types of locations that modules bring. */
      locationTypes?: DefinitionLocationType[];
      /** Providers in code, besides the locations of the configuration. */
      codeLocations?: DefinitionLocation[];
      lastGood?: LastGoodDefinitions;
      stepTypes: StepTypeRegistry;
      logger: LoggerService;
      bounds?: Omit<DefinitionOptions, 'stepTypes'>;
      onChange?: () => void;
      /** What relative targets start from (default: the working directory). */
      baseDirectory?: string;
    },
  ): DefinitionRegistry {
    const {
      urlReader,
      locationTypes = [],
      baseDirectory = process.cwd(),
      ...rest
    } = options;
    const refresh = config.has('innominatus.refreshInterval')
      ? durationToMilliseconds(
          readDurationFromConfig(config, {
            key: 'innominatus.refreshInterval',
          }),
        )
      : DEFAULT_REFRESH_MS;
    return new DefinitionRegistry({
      ...rest,
      refreshMs: refresh,
      locations: readLocations({
        config,
        urlReader,
        locationTypes,
        baseDirectory,
        logger: options.logger,
      }),
    });
  }

  private constructor(options: DefinitionRegistryOptions) {
    this.#options = options;
    const { locations, codeLocations = [], lastGood } = options;
    this.#readers = [
      ...codeLocations.map(location => LocationReader.create({ location })),
      ...locations.map(location =>
        LocationReader.create({ location, lastGood }),
      ),
    ];
  }

  /** The listener is called after something else was loaded, and must not throw. */
  addChangeListener(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Loads everything once; a schedule keeps looking for changes. */
  async start(scheduler?: SchedulerService): Promise<void> {
    await this.refresh();
    await this.#options.lastGood?.retain(
      this.#readers.filter(({ isKept }) => isKept).map(({ key }) => key),
    );
    const everyMs = Math.min(
      this.#options.refreshMs,
      ...this.#options.locations.flatMap(({ refreshMs }) => refreshMs ?? []),
    );
    await scheduler?.scheduleTask({
      id: 'innominatus-definitions',
      // Each replica has definitions of its own.
      scope: 'local',
      frequency: { milliseconds: everyMs },
      initialDelay: { milliseconds: everyMs },
      timeout: { minutes: 10 },
      fn: () => this.refresh({ isDue: true }),
    });
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#refreshing;
    await this.#next?.promise;
  }

  /**
   * Reads what changed. Never rejects. What is asked for while a read is in
   * progress is done after it, once for all who ask.
   */
  async refresh(options: RefreshOptions = {}): Promise<void> {
    if (!this.#refreshing) {
      this.#refreshing = this.#refresh([options]).finally(() => {
        this.#refreshing = undefined;
      });
      return this.#refreshing;
    }
    if (options.isDue) {
      return this.#refreshing;
    }
    if (this.#next) {
      this.#next.options.push(options);
      return this.#next.promise;
    }
    const asked = [options];
    const promise = this.#refreshing.then(() => {
      this.#next = undefined;
      this.#refreshing = this.#refresh(asked).finally(() => {
        this.#refreshing = undefined;
      });
      return this.#refreshing;
    });
    this.#next = { promise, options: asked };
    return promise;
  }

  /** The locations and where they stand, in the order of the configuration. */
  locations(): readonly LocationReader[] {
    return this.#readers;
  }

  /** Everything that is in use, and what is wrong. */
  snapshot(): DefinitionSnapshot {
    return this.#snapshot;
  }

  /** Environments of files, and those of the API as they were seen last. */
  environments(): Environment[] {
    const { environments } = this.#snapshot.definitions;
    const others = this.#storedEnvironments?.known() ?? [];
    return [
      ...environments,
      ...others.filter(item => !this.fileEnvironment(item.name)),
    ].sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
  }

  /** Where it has to be right, use {@link DefinitionRegistry.findEnvironment}. */
  environment(name: string): Environment | undefined {
    return this.environments().find(item => item.name === name);
  }

  /** An environment that files define, which the API cannot change. */
  fileEnvironment(name: string): Environment | undefined {
    return this.#snapshot.definitions.environments.find(
      item => item.name === name,
    );
  }

  /** Also one that another backend made a moment ago. */
  async findEnvironment(name: string): Promise<Environment | undefined> {
    return (
      this.fileEnvironment(name) ?? (await this.#storedEnvironments?.load(name))
    );
  }

  /** Adds the environments that are made by the API; those of files go first. */
  useStoredEnvironments(stored: StoredEnvironments): void {
    this.#storedEnvironments = stored;
  }

  providers(): LoadedProvider[] {
    return this.#snapshot.definitions.providers;
  }

  provider(name: string): LoadedProvider | undefined {
    return this.providers().find(item => item.name === name);
  }

  goldenPaths(): LoadedGoldenPath[] {
    return this.#snapshot.definitions.goldenPaths;
  }

  goldenPath(name: string): LoadedGoldenPath | undefined {
    return this.goldenPaths().find(item => item.metadata.name === name);
  }

  workflows(): LoadedWorkflow[] {
    return this.#snapshot.definitions.workflows;
  }

  workflow(name: string): LoadedWorkflow | undefined {
    return this.#snapshot.definitions.workflows.find(
      item => item.name === name,
    );
  }

  policies(): PolicyDefinition[] {
    return this.#snapshot.definitions.policies;
  }

  /**
   * Policies that were never read without an error. Whoever wrote them relies
   * on them, so they must not be taken for absent.
   */
  unreadablePolicies(): DefinitionProblems[] {
    const known = new Set(this.policies().map(({ name }) => name));
    return this.problems().filter(
      ({ kind, name, diagnostics }) =>
        kind === 'Policy' && hasErrors(diagnostics) && !known.has(name ?? ''),
    );
  }

  problems(): DefinitionProblems[] {
    return this.#snapshot.problems;
  }

  /** Whether a definition is in use as it was, because now it is broken. */
  isLastGood(kind: string, name: string): boolean {
    return this.#snapshot.lastGood.has(definitionKey(kind, name));
  }

  /** When that was read which is in use as it was, as RFC 3339. */
  lastGoodAt(kind: string, name: string): string | undefined {
    if (!this.isLastGood(kind, name)) {
      return undefined;
    }
    const items: Array<Parameters<typeof nameOf>[0]> =
      this.#snapshot.definitions[KIND_OF[kind]];
    const found = items.find(item => nameOf(item) === name);
    const origin = found && originOf(found);
    return origin && new Date(origin.readAt).toISOString();
  }

  /** What compiling needs to know about the installed step types. */
  stepTypeCatalog(): Map<string, StepTypeInfo> {
    return new Map(
      this.#options.stepTypes
        .list()
        .map(({ name, schema, defaultTimeoutMs }) => [
          name,
          { schema, defaultTimeoutMs },
        ]),
    );
  }

  /** For compiling a workflow the way it was loaded. */
  compileOptions(): DefinitionOptions {
    return { ...this.#options.bounds, stepTypes: this.stepTypeCatalog() };
  }

  async #refresh(asked: RefreshOptions[]): Promise<void> {
    const { signal } = this.#stopped;
    let changed = false;
    for (const reader of this.#readers) {
      if (!signal.aborted && asked.some(each => this.#isMeant(reader, each))) {
        const compile = this.compileOptions();
        changed = (await reader.refresh({ compile, signal })) || changed;
      }
    }
    if (changed && !signal.aborted) {
      const snapshot = await this.#combine();
      snapshot.problems.push(...unreadableProblems(this.#readers));
      this.#snapshot = snapshot;
      reportSnapshot(snapshot, this.#options.logger);
      this.#options.onChange?.();
      for (const listener of this.#listeners) {
        listener();
      }
    }
    if (!signal.aborted) {
      await this.#keep(changed);
    }
  }

  async #combine(): Promise<DefinitionSnapshot> {
    if (!this.#isCombined) {
      this.#isCombined = true;
      const compile = this.compileOptions();
      return firstSnapshot({ readers: this.#readers, compile, version });
    }
    return combineLocations({
      contents: this.#readers.flatMap(reader => reader.content ?? []),
      previous: this.#snapshot,
      version,
    });
  }

  async #keep(changed: boolean): Promise<void> {
    const { lastGood } = this.#options;
    if (lastGood && (changed || lastGood.isPending)) {
      await lastGood.save({
        locations: this.#readers
          .filter(({ isKept, status }) => isKept && status.state === 'current')
          .map(({ key }) => key),
        snapshot: this.#snapshot,
      });
    }
  }

  #isMeant(
    reader: LocationReader,
    { isDue, addresses }: RefreshOptions,
  ): boolean {
    if (isDue) {
      return reader.isDue(Date.now(), this.#options.refreshMs);
    }
    return (
      addresses === undefined || (reader.location.isAt?.(addresses) ?? false)
    );
  }
}
