import { LoggerService } from '@backstage/backend-plugin-api';
import {
  DefinitionOptions,
  hasErrors,
} from '@innominatus/backstage-plugin-innominatus-common';
import { definitionKey } from './definitionKey';
import { eachDefinition } from './definitionKinds';
import { originOf } from './definitionOrigin';
import { LastGoodFile, LastGoodStore } from './LastGoodStore';
import { LocationContent } from './loadFiles';
import { restoreContent } from './restoreContent';
import { DefinitionSnapshot } from './types';

const MAX_LOCATION_BYTES = 8 * 1024 * 1024;

/**
 * Writes down what is in use of each location, and gives it back to a backend
 * that starts while files are broken or cannot be reached. A database that does
 * not answer is logged and takes nothing away from what was read.
 */
export class LastGoodDefinitions {
  readonly #store: LastGoodStore;
  readonly #logger: LoggerService;
  readonly #maxBytes: number;
  /** What is known to be stored, by location. */
  readonly #stored = new Map<string, LastGoodFile[]>();
  readonly #tooLarge = new Set<string>();
  #isPending = false;

  static create(options: {
    store: LastGoodStore;
    logger: LoggerService;
    /** How much text of one location is kept (default 8 MiB). */
    maxBytes?: number;
  }): LastGoodDefinitions {
    return new LastGoodDefinitions(options);
  }

  private constructor(
    options: Parameters<typeof LastGoodDefinitions.create>[0],
  ) {
    this.#store = options.store;
    this.#logger = options.logger;
    this.#maxBytes = options.maxBytes ?? MAX_LOCATION_BYTES;
  }

  /** Something could not be written yet. */
  get isPending(): boolean {
    return this.#isPending;
  }

  /** Never rejects. What does not compile any more is left out. */
  async restore(options: {
    location: string;
    compile: DefinitionOptions;
  }): Promise<LocationContent | undefined> {
    const { location, compile } = options;
    const files = await this.#load(location).catch(error => {
      this.#logger.warn(
        `The last good version of the location "${location}" could not be loaded`,
        error,
      );
      return [];
    });
    return files.length === 0
      ? undefined
      : restoreContent({ location, files, compile });
  }

  /** Never rejects. Locations that could not be read are to be left out. */
  async save(options: {
    locations: readonly string[];
    snapshot: DefinitionSnapshot;
  }): Promise<void> {
    this.#isPending = false;
    for (const location of options.locations) {
      try {
        await this.#saveOne(location, options.snapshot);
      } catch (error) {
        this.#isPending = true;
        this.#logger.warn(
          `The last good version of the location "${location}" could not be written down; it is tried again`,
          error instanceof Error ? error : undefined,
        );
      }
    }
  }

  /** Forgets locations that are not in the configuration any more. */
  async retain(locations: readonly string[]): Promise<void> {
    try {
      await this.#store.retain(locations);
    } catch (error) {
      this.#logger.warn(
        'The last good versions of locations that are gone could not be removed',
        error instanceof Error ? error : undefined,
      );
    }
  }

  async #saveOne(
    location: string,
    snapshot: DefinitionSnapshot,
  ): Promise<void> {
    const files = filesInUse(location, snapshot);
    files.push(...(await this.#stillBroken(location, snapshot)));
    const known = this.#stored.get(location);
    if (known && isSame(known, files)) {
      return;
    }
    const bytes = files.reduce(
      (sum, { text }) => sum + Buffer.byteLength(text),
      0,
    );
    if (bytes > this.#maxBytes) {
      this.#sayTooLarge(location, bytes);
      // What is there would bring back something that is long gone.
      await this.#store.remove(location);
      this.#stored.set(location, []);
      return;
    }
    this.#tooLarge.delete(location);
    await this.#store.save(location, files);
    this.#stored.set(location, files);
  }

  /**
   * What another backend had in use and this one cannot use, for example
   * because a step type is not installed here. It is kept until its file is
   * mended or gone.
   */
  async #stillBroken(
    location: string,
    { definitions, problems }: DefinitionSnapshot,
  ): Promise<LastGoodFile[]> {
    const broken = new Set(
      problems
        .filter(({ diagnostics }) => hasErrors(diagnostics))
        .map(({ file }) => file),
    );
    if (broken.size === 0) {
      return [];
    }
    const used = new Set(
      eachDefinition(definitions).map(({ kind, name }) =>
        definitionKey(kind, name),
      ),
    );
    return (await this.#load(location)).flatMap(file => {
      const unused = file.definitions.filter(key => !used.has(key));
      return broken.has(file.name) && unused.length > 0
        ? { ...file, definitions: unused }
        : [];
    });
  }

  async #load(location: string): Promise<LastGoodFile[]> {
    const known = this.#stored.get(location);
    if (known) {
      return known;
    }
    const files = await this.#store.load(location);
    this.#stored.set(location, files);
    return files;
  }

  #sayTooLarge(location: string, bytes: number): void {
    if (!this.#tooLarge.has(location)) {
      this.#tooLarge.add(location);
      this.#logger.warn(
        `The definitions of the location "${location}" have ${bytes} bytes, and of at most ${this.#maxBytes} the last good version outlives a restart. Split the location, or mend its files before the backend is restarted.`,
      );
    }
  }
}

function filesInUse(
  location: string,
  { definitions }: DefinitionSnapshot,
): LastGoodFile[] {
  const files = new Map<string, LastGoodFile>();
  for (const { kind, name, item } of eachDefinition(definitions)) {
    const origin = originOf(item);
    if (origin?.location === location) {
      const { file, text, readAt } = origin;
      const key = JSON.stringify([file, text]);
      const entry = files.get(key) ?? {
        name: file,
        text,
        readAt,
        definitions: [],
      };
      entry.definitions.push(definitionKey(kind, name));
      files.set(key, entry);
    }
  }
  return [...files.values()];
}

function isSame(one: LastGoodFile[], other: LastGoodFile[]): boolean {
  return (
    one.length === other.length &&
    one.every(
      ({ name, text, definitions }, index) =>
        name === other[index].name &&
        text === other[index].text &&
        definitions.join() === other[index].definitions.join(),
    )
  );
}
