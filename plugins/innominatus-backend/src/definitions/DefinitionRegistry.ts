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
  toJsonPointer,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  DefinitionLocation,
  DefinitionLocationType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { version } from '../../package.json';
import { StepTypeRegistry } from '../stepTypes/StepTypeRegistry';
import { combineLocations } from './combineLocations';
import { definitionKey } from './definitionKey';
import { LocationReader } from './LocationReader';
import { emptyDefinitions } from './loadFiles';
import { readLocations } from './readLocations';
import { DefinitionSnapshot } from './types';

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
      /** Besides those of the configuration. */
      moreLocations?: DefinitionLocation[];
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
      moreLocations = [],
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
      locations: [
        ...moreLocations,
        ...readLocations({
          config,
          urlReader,
          locationTypes,
          baseDirectory,
          logger: options.logger,
        }),
      ],
    });
  }

  private constructor(options: DefinitionRegistryOptions) {
    this.#options = options;
    this.#readers = options.locations.map(LocationReader.create);
  }

  /** The listener is called after something else was loaded, and must not throw. */
  addChangeListener(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Loads everything once; a schedule keeps looking for changes. */
  async start(scheduler?: SchedulerService): Promise<void> {
    await this.refresh();
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
    if (!changed || signal.aborted) {
      return;
    }
    const snapshot = combineLocations({
      contents: this.#readers.flatMap(reader => reader.content ?? []),
      previous: this.#snapshot,
      version,
    });
    snapshot.problems.push(...this.#unreadableProblems());
    this.#snapshot = snapshot;
    this.#report(snapshot);
    this.#options.onChange?.();
    for (const listener of this.#listeners) {
      listener();
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

  #unreadableProblems(): DefinitionProblems[] {
    return this.#readers.flatMap(({ location, status }) =>
      status.error === undefined
        ? []
        : {
            file: location.target,
            diagnostics: [
              {
                severity: 'error',
                code: 'LOCATION_UNREADABLE',
                message: status.error,
                pointer: toJsonPointer([]),
                line: 1,
                column: 1,
                suggestions: [],
                file: location.target,
              },
            ],
          },
    );
  }

  #report({ definitions, problems }: DefinitionSnapshot): void {
    this.#options.logger.info('Definitions were loaded', {
      environments: definitions.environments.length,
      providers: definitions.providers.length,
      goldenPaths: definitions.goldenPaths.length,
      workflows: definitions.workflows.length,
      policies: definitions.policies.length,
    });
    for (const diagnostic of problems.flatMap(item => item.diagnostics)) {
      if (diagnostic.severity === 'error') {
        this.#options.logger.warn(
          `${diagnostic.file ?? 'A definition'}:${diagnostic.line}: ${diagnostic.message}`,
          { code: diagnostic.code },
        );
      }
    }
  }
}
