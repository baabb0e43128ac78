import { DefinitionOptions } from '@innominatus/backstage-plugin-innominatus-common';
import { DefinitionLocation } from '@innominatus/backstage-plugin-innominatus-node';
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

  static create(location: DefinitionLocation): LocationReader {
    return new LocationReader(location);
  }

  private constructor(location: DefinitionLocation) {
    this.location = location;
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
        this.#content = loadFiles({
          files,
          compile: options.compile,
          previous: this.#content,
        });
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
      const isFromCache = await this.#useCache(options);
      this.#status = {
        state: 'unreadable',
        error: message,
        checkedAt: Date.now(),
        readAt: before.readAt,
        isCached: before.isCached || isFromCache,
      };
      return isFromCache || before.error !== message;
    }
  }

  async #useCache({ compile }: RefreshLocationOptions): Promise<boolean> {
    if (this.#content) {
      return false;
    }
    try {
      const files = await this.location.readCached?.();
      if (files) {
        this.#content = loadFiles({ files, compile, previous: undefined });
      }
      return files !== undefined;
    } catch {
      // The first error says more than one about the copy would.
      return false;
    }
  }
}
