import { LoggerService, UrlReaderService } from '@backstage/backend-plugin-api';
import { Config, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import {
  DefinitionOptions,
  DefinitionProblems,
  Environment,
  LoadedGoldenPath,
  LoadedWorkflow,
  ProviderDefinition,
  StepTypeInfo,
  toJsonPointer,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepTypeRegistry } from '../stepTypes/StepTypeRegistry';
import { combineLocations } from './combineLocations';
import { LocationContent, emptyDefinitions, loadFiles } from './loadFiles';
import { readLocations } from './readLocations';
import { DefinitionLocation, DefinitionSnapshot } from './types';

const DEFAULT_REFRESH_MS = 30_000;

/** Environments that are no files. */
export interface StoredEnvironments {
  /** As they were seen last. */
  known(): Environment[];
  load(name: string): Promise<Environment | undefined>;
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
  readonly #contents = new Map<DefinitionLocation, LocationContent>();
  readonly #unreadable = new Map<DefinitionLocation, string>();
  #snapshot: DefinitionSnapshot = {
    definitions: emptyDefinitions(),
    problems: [],
    conflicts: [],
  };
  readonly #listeners: Array<() => void> = [];
  #storedEnvironments: StoredEnvironments | undefined;
  #refreshing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  static create(options: DefinitionRegistryOptions): DefinitionRegistry {
    return new DefinitionRegistry(options);
  }

  static fromConfig(
    config: Config,
    options: {
      urlReader: UrlReaderService;
      stepTypes: StepTypeRegistry;
      logger: LoggerService;
      bounds?: Omit<DefinitionOptions, 'stepTypes'>;
      onChange?: () => void;
      /** What relative targets start from (default: the working directory). */
      baseDirectory?: string;
    },
  ): DefinitionRegistry {
    const { urlReader, baseDirectory = process.cwd(), ...rest } = options;
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
      locations: readLocations({ config, urlReader, baseDirectory }),
    });
  }

  private constructor(options: DefinitionRegistryOptions) {
    this.#options = options;
  }

  /** The listener is called after something else was loaded, and must not throw. */
  addChangeListener(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Loads everything once and then keeps looking for changes. */
  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => {
      // Never rejects; see refresh.
      void this.refresh();
    }, this.#options.refreshMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#refreshing;
  }

  /** Reads what changed. Never rejects; calls at the same time share one read. */
  async refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
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

  providers(): ProviderDefinition[] {
    return this.#snapshot.definitions.providers;
  }

  provider(name: string): ProviderDefinition | undefined {
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

  problems(): DefinitionProblems[] {
    return this.#snapshot.problems;
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

  async #refresh(): Promise<void> {
    let changed = false;
    for (const location of this.#options.locations) {
      changed = (await this.#readLocation(location)) || changed;
    }
    if (!changed) {
      return;
    }
    const snapshot = combineLocations(
      this.#options.locations.flatMap(item => this.#contents.get(item) ?? []),
    );
    snapshot.problems.push(...this.#unreadableProblems());
    this.#snapshot = snapshot;
    this.#report(snapshot);
    this.#options.onChange?.();
    for (const listener of this.#listeners) {
      listener();
    }
  }

  async #readLocation(location: DefinitionLocation): Promise<boolean> {
    try {
      const files = await location.read();
      const wasUnreadable = this.#unreadable.delete(location);
      if (!files) {
        return wasUnreadable;
      }
      this.#contents.set(
        location,
        loadFiles({
          files,
          compile: this.compileOptions(),
          previous: this.#contents.get(location),
        }),
      );
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const isNew = this.#unreadable.get(location) !== message;
      this.#unreadable.set(location, message);
      return isNew;
    }
  }

  #unreadableProblems(): DefinitionProblems[] {
    return [...this.#unreadable].map(([location, message]) => ({
      file: location.target,
      diagnostics: [
        {
          severity: 'error',
          code: 'LOCATION_UNREADABLE',
          message,
          pointer: toJsonPointer([]),
          line: 1,
          column: 1,
          suggestions: [],
          file: location.target,
        },
      ],
    }));
  }

  #report({ definitions, problems }: DefinitionSnapshot): void {
    this.#options.logger.info('Definitions were loaded', {
      environments: definitions.environments.length,
      providers: definitions.providers.length,
      goldenPaths: definitions.goldenPaths.length,
      workflows: definitions.workflows.length,
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
