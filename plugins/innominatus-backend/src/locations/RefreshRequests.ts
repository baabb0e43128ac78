import { LoggerService, SchedulerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { newId, nowMs, nowPlusMs } from '../database';
import { DefinitionRegistry } from '../definitions';

const TABLE = 'definition_refreshes';
const LOOK_EVERY_SECONDS = 5;
/** Rows appear a little after their time when a transaction takes long. */
const OVERLAP_MS = 10_000;
/** How long a signed request is known, so that it counts once. */
const KEEP_MS = 30 * 24 * 60 * 60_000;
const PAGE = 100;

interface RefreshRow {
  id: string;
  digest: string | null;
  addresses: string | null;
  requested_at: number | string;
}

/**
 * Requests to read definitions again. The replica that takes a request writes
 * it down; all others find it there.
 */
export class RefreshRequests {
  readonly #knex: Knex;
  readonly #registry: DefinitionRegistry;
  readonly #logger: LoggerService;
  readonly #handled = new Set<string>();
  #since: number | undefined;

  static create(options: {
    knex: Knex;
    registry: DefinitionRegistry;
    logger: LoggerService;
  }): RefreshRequests {
    return new RefreshRequests(options);
  }

  private constructor(options: {
    knex: Knex;
    registry: DefinitionRegistry;
    logger: LoggerService;
  }) {
    this.#knex = options.knex;
    this.#registry = options.registry;
    this.#logger = options.logger;
  }

  /**
   * Writes a request down and reads here. Answers `false` when a request with
   * the same digest was there before; then nothing is done.
   */
  async request(options: {
    addresses?: string[];
    digest?: string;
    /** Do not wait until everything is read. */
    background?: boolean;
  }): Promise<boolean> {
    const { addresses, digest = null } = options;
    const id = newId();
    this.#handled.add(id);
    const inserted = await this.#knex(TABLE)
      .insert({
        id,
        digest,
        addresses: addresses ? JSON.stringify(addresses) : null,
        requested_at: nowMs(this.#knex),
      })
      .onConflict('digest')
      .ignore()
      .returning('id');
    if (inserted.length === 0) {
      this.#handled.delete(id);
      return false;
    }
    await this.#knex(TABLE)
      .where('requested_at', '<', nowPlusMs(this.#knex, -KEEP_MS))
      .delete();
    const reading = this.#registry.refresh({ addresses });
    if (!options.background) {
      await reading;
    }
    return true;
  }

  async start(scheduler: SchedulerService): Promise<void> {
    await scheduler.scheduleTask({
      id: 'innominatus-definition-requests',
      scope: 'local',
      frequency: { seconds: LOOK_EVERY_SECONDS },
      initialDelay: { seconds: LOOK_EVERY_SECONDS },
      timeout: { minutes: 10 },
      fn: () => this.look(),
    });
  }

  /** Carries out what other replicas were asked for. */
  async look(): Promise<void> {
    const now = await this.#knex.select({ now: nowMs(this.#knex) });
    const since = this.#since ?? Number(now[0].now);
    const rows: RefreshRow[] = await this.#knex(TABLE)
      .where('requested_at', '>=', since - OVERLAP_MS)
      .orderBy('requested_at')
      .limit(PAGE);
    // More than one look can take in: everything is read, and all of them are
    // done. To go on from the last one would find the same page over and over.
    const isFull = rows.length === PAGE;
    this.#since = isFull
      ? Number(now[0].now) + OVERLAP_MS
      : rows.reduce(
          (latest, row) => Math.max(latest, Number(row.requested_at)),
          since,
        );
    const fresh = rows.filter(row => !this.#handled.has(row.id));
    for (const id of this.#handled) {
      if (!rows.some(row => row.id === id)) {
        this.#handled.delete(id);
      }
    }
    rows.forEach(row => this.#handled.add(row.id));
    if (fresh.length === 0) {
      return;
    }
    this.#logger.debug('Another replica was asked to read definitions');
    const addresses = fresh.map(row => readAddresses(row.addresses));
    await this.#registry.refresh({
      addresses:
        isFull || addresses.includes(undefined)
          ? undefined
          : addresses.flatMap(list => list ?? []),
    });
  }
}

function readAddresses(text: string | null): string[] | undefined {
  return text === null ? undefined : JSON.parse(text);
}
