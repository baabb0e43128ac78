import { LoggerService } from '@backstage/backend-plugin-api';
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { Knex } from 'knex';
import { isPostgres } from '../database';
import { loop, pause } from './loop';
import { RunChanges, RunNotice } from './RunChanges';

const CHANNEL = 'innominatus';
/** Notices are gathered this long and sent in one statement. */
const GATHER_MS = 10;
/** A payload of NOTIFY has at most 8000 bytes. */
const NOTICES_PER_PAYLOAD = 80;
const RECONNECT_MS = 1000;

interface Payload {
  from: string;
  notices: RunNotice[];
}

interface ListeningConnection extends EventEmitter {
  query(sql: string): Promise<unknown>;
  end(): Promise<void>;
}

export interface PostgresNoticesOptions {
  knex: Knex;
  changes: RunChanges;
  logger: LoggerService;
}

/**
 * Carries the notices of {@link RunChanges} between replicas with LISTEN and
 * NOTIFY. Does nothing on SQLite.
 *
 * Listening needs a connection of its own, outside of the pool. Where that is
 * not possible (a pooler in transaction mode) everything still works, at the
 * pace of polling.
 */
export class PostgresNotices {
  readonly #options: PostgresNoticesOptions;
  readonly #id = randomUUID();
  readonly #stop = new AbortController();
  #queue = new Map<string, RunNotice>();
  #timer: NodeJS.Timeout | undefined;
  #removeOutlet: (() => void) | undefined;
  #listening: Promise<void> | undefined;

  static create(options: PostgresNoticesOptions): PostgresNotices {
    return new PostgresNotices(options);
  }

  private constructor(options: PostgresNoticesOptions) {
    this.#options = options;
  }

  start(): void {
    if (!isPostgres(this.#options.knex)) {
      return;
    }
    this.#removeOutlet = this.#options.changes.addOutlet(notice =>
      this.#enqueue(notice),
    );
    this.#listening = loop({
      task: 'listen for changes made by other replicas',
      logger: this.#options.logger,
      signal: this.#stop.signal,
      intervalMs: RECONNECT_MS,
      run: () => this.#listen(),
    });
  }

  async stop(): Promise<void> {
    this.#removeOutlet?.();
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#flush();
    await this.#listening;
  }

  async #listen(): Promise<void> {
    const { knex, changes } = this.#options;
    const connection: ListeningConnection =
      await knex.client.acquireRawConnection();
    const broken = new AbortController();
    const onBroken = () => broken.abort();
    connection.on('error', onBroken);
    connection.on('end', onBroken);
    connection.on('notification', (message: { payload?: string }) =>
      this.#receive(message.payload ?? ''),
    );
    try {
      await connection.query(`LISTEN ${CHANNEL}`);
      // Something may have happened while nobody listened.
      changes.receive({ kind: 'work' });
      changes.receive({ kind: 'groups' });
      await pause(
        Number.MAX_SAFE_INTEGER,
        AbortSignal.any([broken.signal, this.#stop.signal]),
      );
    } finally {
      connection.off('end', onBroken);
      await connection.end().catch(() => {});
    }
  }

  #receive(payload: string): void {
    let message: Payload;
    try {
      message = JSON.parse(payload);
    } catch {
      return;
    }
    if (message.from !== this.#id && Array.isArray(message.notices)) {
      for (const notice of message.notices) {
        this.#options.changes.receive(notice);
      }
    }
  }

  #enqueue(notice: RunNotice): void {
    const key =
      'runId' in notice ? `${notice.kind}/${notice.runId}` : notice.kind;
    this.#queue.set(key, notice);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flush().catch(() => {});
    }, GATHER_MS);
  }

  /**
   * Outside of the transactions that made the changes: a NOTIFY inside of one
   * makes PostgreSQL commit them one after the other.
   */
  async #flush(): Promise<void> {
    const notices = [...this.#queue.values()];
    this.#queue = new Map();
    for (let i = 0; i < notices.length; i += NOTICES_PER_PAYLOAD) {
      const payload: Payload = {
        from: this.#id,
        notices: notices.slice(i, i + NOTICES_PER_PAYLOAD),
      };
      try {
        await this.#options.knex.raw('select pg_notify(?, ?)', [
          CHANNEL,
          JSON.stringify(payload),
        ]);
      } catch (error) {
        this.#options.logger.debug(
          `A notice to other replicas was not sent: ${(error as Error).message}`,
        );
      }
    }
  }
}
