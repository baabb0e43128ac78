import {
  DefinitionOptions,
  hasErrors,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  DefinitionFile,
  DefinitionLocation,
} from '@innominatus/backstage-plugin-innominatus-node';
import { eachDefinition } from './definitionKinds';
import { originOf } from './definitionOrigin';
import { LastGoodDefinitions } from './LastGoodDefinitions';
import { LocationContent, loadFiles } from './loadFiles';

/** Where a location stands. */
export interface LocationStatus {
  /** What came out of the last look. */
  state: 'current' | 'unreadable' | 'never read';
  error?: string;
  /** Milliseconds since the epoch. */
  checkedAt?: number;
  /** When the files that are in use were read. */
  readAt?: number;
  /** The files are those of an earlier process, because it cannot be read. */
  isCached: boolean;
}

export interface RefreshLocationOptions {
  compile: DefinitionOptions;
  signal?: AbortSignal;
}

/** Reads one location now and then, and keeps what was good. */
export class LocationReader {
  readonly location: DefinitionLocation;
  #content: LocationContent | undefined;
  #status: LocationStatus = { state: 'never read', isCached: false };

  readonly #lastGood: LastGoodDefinitions | undefined;

  static create(options: {
    location: DefinitionLocation;
    /** What outlives the process; missing for what cannot break by itself. */
    lastGood?: LastGoodDefinitions;
  }): LocationReader {
    return new LocationReader(options);
  }

  private constructor(options: Parameters<typeof LocationReader.create>[0]) {
    this.location = options.location;
    this.#lastGood = options.lastGood;
  }

  /** What tells it from other locations. */
  get key(): string {
    const { target, ref } = this.location;
    return ref === undefined ? target : `${target}@${ref}`;
  }

  /** What is in use of it outlives the process. */
  get isKept(): boolean {
    return this.#lastGood !== undefined;
  }

  get content(): LocationContent | undefined {
    return this.#content;
  }

  get status(): LocationStatus {
    return this.#status;
  }

  /** Whether it is time to look again. */
  isDue(now: number, defaultMs: number): boolean {
    const { checkedAt } = this.#status;
    const refreshMs = this.location.refreshMs ?? defaultMs;
    return checkedAt === undefined || now - checkedAt >= refreshMs;
  }

  /** Never rejects. Answers whether something is different now. */
  async refresh(options: RefreshLocationOptions): Promise<boolean> {
    const before = this.#status;
    try {
      const files = await this.location.read({ signal: options.signal });
      const checkedAt = Date.now();
      if (files) {
        this.#content = await this.#load(files, options);
      }
      this.#status = {
        state: 'current',
        checkedAt,
        readAt: files ? checkedAt : before.readAt,
        isCached: false,
      };
      return files !== undefined || before.state !== 'current';
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const isFromCache =
        !this.#content &&
        ((await this.#useCache(options)) || (await this.#useLastGood(options)));
      this.#status = {
        state: 'unreadable',
        error: message,
        checkedAt: Date.now(),
        readAt: before.readAt ?? (isFromCache ? this.#readAt() : undefined),
        isCached: before.isCached || isFromCache,
      };
      return isFromCache || before.error !== message;
    }
  }

  /** What an earlier process had in use. Never rejects. */
  async restore({
    compile,
  }: RefreshLocationOptions): Promise<LocationContent | undefined> {
    return this.#lastGood?.restore({ location: this.key, compile });
  }

  async #load(
    files: DefinitionFile[],
    options: RefreshLocationOptions,
  ): Promise<LocationContent> {
    const { compile } = options;
    const location = this.key;
    const previous = this.#content;
    const content = loadFiles({ location, files, compile, previous });
    const isBroken = content.problems.some(({ diagnostics }) =>
      hasErrors(diagnostics),
    );
    if (previous || !isBroken) {
      return content;
    }
    const restored = await this.restore(options);
    return restored
      ? loadFiles({ location, files, compile, previous: restored })
      : content;
  }

  async #useCache(options: RefreshLocationOptions): Promise<boolean> {
    try {
      const files = await this.location.readCached?.();
      if (files) {
        this.#content = await this.#load(files, options);
      }
      return files !== undefined;
    } catch {
      // The first error says more than one about the copy would.
      return false;
    }
  }

  async #useLastGood(options: RefreshLocationOptions): Promise<boolean> {
    this.#content = await this.restore(options);
    return this.#content !== undefined;
  }

  #readAt(): number | undefined {
    const times = eachDefinition(this.#content!.definitions).flatMap(
      ({ item }) => originOf(item)?.readAt ?? [],
    );
    return times.length === 0 ? undefined : Math.max(...times);
  }
}
