import { LeaseLostError, RunLease } from './Journal';
import { LARGEST_BATCH } from './logChunks';
import { LogLine, LogStore } from './LogStore';

const FLUSH_AFTER_MS = 250;
const FLUSH_AFTER_LINES = 200;
const RETRY_AFTER_MS = 500;

export interface RunLogOptions {
  lease: RunLease;
  lastSeq: number;
  store: LogStore;
  /** Called after lines became readable. */
  onWritten: () => void;
}

/**
 * The log of one run while this worker owns it: numbers the lines and writes
 * them in batches.
 */
export class RunLog {
  readonly #options: RunLogOptions;
  #seq: number;
  #pending: LogLine[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;

  static create(options: RunLogOptions): RunLog {
    return new RunLog(options);
  }

  private constructor(options: RunLogOptions) {
    this.#options = options;
    this.#seq = options.lastSeq;
  }

  write(line: LogLine): void {
    if (this.#closed) {
      return;
    }
    this.#pending.push(line);
    if (this.#pending.length >= FLUSH_AFTER_LINES) {
      this.#startWriting();
    } else {
      this.#timer ??= setTimeout(() => this.#startWriting(), FLUSH_AFTER_MS);
    }
  }

  /**
   * Resolves when everything written so far is readable. Answers `false` when
   * it was dropped, because the run has another owner.
   */
  async flush(): Promise<boolean> {
    while (!this.#closed && (this.#pending.length > 0 || this.#writing)) {
      this.#startWriting();
      await this.#writing;
    }
    return !this.#closed;
  }

  /** Drops what is not written; for a worker that lost the run. */
  close(): void {
    this.#closed = true;
    this.#pending = [];
    clearTimeout(this.#timer);
  }

  #startWriting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    let lines: LogLine[] = [];
    while (!this.#closed && this.#pending.length > 0) {
      // A batch that may have been written stays as it is until it was.
      lines = lines.length > 0 ? lines : this.#pending.slice(0, LARGEST_BATCH);
      try {
        await this.#options.store.append({
          lease: this.#options.lease,
          afterSeq: this.#seq,
          lines,
        });
      } catch (error) {
        if (error instanceof LeaseLostError) {
          this.close();
          return;
        }
        // The database may be away for a moment. The limit on the log of a
        // step bounds what is kept meanwhile.
        await new Promise(resolve => setTimeout(resolve, RETRY_AFTER_MS));
        continue;
      }
      this.#seq += lines.length;
      this.#pending.splice(0, lines.length);
      lines = [];
      this.#options.onWritten();
    }
  }
}
