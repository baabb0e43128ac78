import { BusyWait } from './BusyWait';

/** How writes of many callers are gathered; see {@link GroupCommit}. */
export interface GroupCommitOptions<Item, Result> {
  /**
   * Writes the items in one commit and answers their results in the same
   * order; an `Error` among the results rejects that item only. When the write
   * as a whole is refused, it is tried again item by item.
   */
  write: (items: Item[]) => Promise<Array<Result | Error>>;
  /** Items with the same key never share a group, and keep their order. */
  keyOf: (item: Item) => string;
  /** Items that one group holds at most. */
  largestGroup: number;
  /** Groups that may be on their way to the disk at the same time. */
  inFlight: number;
  /** For the answers to items that are written alone. */
  busyWait?: BusyWait;
}

/** Fewer items are not worth a commit of their own. */
const SMALLEST_SHARE = 16;

interface Pending<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Gathers writes into few commits.
 *
 * While groups are on their way to the disk, the writes of everybody else
 * gather and become the next group. So the number of commits does not grow with
 * the number of writers, and no write waits for a timer. A write resolves only
 * after the commit of its group.
 */
export class GroupCommit<Item, Result> {
  readonly #options: GroupCommitOptions<Item, Result>;
  readonly #busyKeys = new Set<string>();
  #pending: Array<Pending<Item, Result>> = [];
  #groups = 0;
  #scheduled = false;

  static create<Item, Result>(
    options: GroupCommitOptions<Item, Result>,
  ): GroupCommit<Item, Result> {
    return new GroupCommit(options);
  }

  private constructor(options: GroupCommitOptions<Item, Result>) {
    this.#options = options;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** What happens in the same tick shares a group. */
  #schedule(): void {
    if (this.#scheduled || this.#groups >= this.#options.inFlight) {
      return;
    }
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#groups >= this.#options.inFlight) {
      return;
    }
    const group = this.#takeGroup();
    if (group.length === 0) {
      return;
    }
    this.#groups += 1;
    if (this.#pending.length > 0) {
      this.#schedule();
    }
    const written = this.#write(group);
    if (group.length === 1) {
      // Nobody else keeps this process busy meanwhile.
      this.#options.busyWait?.during(written);
    }
    written.then(() => {
      for (const { item } of group) {
        this.#busyKeys.delete(this.#options.keyOf(item));
      }
      this.#groups -= 1;
      if (this.#pending.length > 0) {
        this.#schedule();
      }
    });
  }

  /**
   * Many writers that answer to one group would all wait for the next one
   * together, and database and process would take turns. Shared among the free
   * places, one group is written while the next one is made.
   */
  #groupSize(): number {
    const { inFlight, largestGroup } = this.#options;
    const share = Math.ceil(this.#pending.length / (inFlight - this.#groups));
    return Math.min(largestGroup, Math.max(SMALLEST_SHARE, share));
  }

  #takeGroup(): Array<Pending<Item, Result>> {
    const { keyOf } = this.#options;
    const size = this.#groupSize();
    const group: Array<Pending<Item, Result>> = [];
    const later: Array<Pending<Item, Result>> = [];
    for (const pending of this.#pending) {
      const key = keyOf(pending.item);
      if (group.length < size && !this.#busyKeys.has(key)) {
        this.#busyKeys.add(key);
        group.push(pending);
      } else {
        later.push(pending);
      }
    }
    this.#pending = later;
    return group;
  }

  /** Settles every item of the group; never rejects. */
  async #write(group: Array<Pending<Item, Result>>): Promise<void> {
    let results: Array<Result | Error>;
    try {
      results = await this.#options.write(group.map(({ item }) => item));
    } catch (error) {
      if (group.length === 1) {
        group[0].reject(error);
        return;
      }
      // What the database does not take from one must not stop the others.
      for (const pending of group) {
        await this.#write([pending]);
      }
      return;
    }
    group.forEach(({ resolve, reject }, i) => {
      const result = results[i];
      if (result instanceof Error) {
        reject(result);
      } else {
        resolve(result);
      }
    });
  }
}
