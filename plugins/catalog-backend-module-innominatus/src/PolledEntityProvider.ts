import {
  LoggerService,
  SchedulerServiceTaskRunner,
} from '@backstage/backend-plugin-api';
import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  Entity,
} from '@backstage/catalog-model';
import { toError } from '@backstage/errors';
import {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import { EventsService } from '@backstage/plugin-events-node';
import { INNOMINATUS_EVENTS_TOPIC } from '@innominatus/backstage-plugin-innominatus-node';

/** Runs that end together lead to one refresh. */
const EVENT_DEBOUNCE_MS = 1_000;

export interface PolledEntityProviderOptions {
  /** Unique and stable: the catalog knows our entities by it. */
  name: string;
  load: (signal: AbortSignal) => Promise<Entity[]>;
  events: EventsService;
  logger: LoggerService;
  runner: SchedulerServiceTaskRunner;
}

/**
 * Replaces its entities in the catalog on a schedule and soon after innominatus
 * says that something changed. A failing load leaves the entities as they are.
 */
export class PolledEntityProvider implements EntityProvider {
  readonly #options: PolledEntityProviderOptions;
  #connection?: EntityProviderConnection;
  #lastSet?: string;
  #timer?: NodeJS.Timeout;

  private constructor(options: PolledEntityProviderOptions) {
    this.#options = options;
  }

  static create(options: PolledEntityProviderOptions): PolledEntityProvider {
    return new PolledEntityProvider(options);
  }

  getProviderName(): string {
    return this.#options.name;
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    const { name, runner, events } = this.#options;
    this.#connection = connection;
    await events.subscribe({
      id: `${name}-catalog`,
      topics: [INNOMINATUS_EVENTS_TOPIC],
      onEvent: async () => this.#refreshSoon(),
    });
    await runner.run({
      id: `${name}-refresh`,
      fn: async signal => {
        // The schedule is the repair: it writes the set even when it looks the same.
        this.#lastSet = undefined;
        await this.#refresh(signal);
      },
    });
  }

  #refreshSoon() {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#refresh(AbortSignal.timeout(30_000));
    }, EVENT_DEBOUNCE_MS).unref();
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    const { name, load, logger } = this.#options;
    try {
      const entities = (await load(signal)).map(entity =>
        withLocation(entity, name),
      );
      const set = JSON.stringify(entities);
      if (set === this.#lastSet) {
        return;
      }
      await this.#connection?.applyMutation({
        type: 'full',
        entities: entities.map(entity => ({ entity, locationKey: name })),
      });
      this.#lastSet = set;
    } catch (error) {
      logger.warn(`Could not refresh the entities of "${name}"`, {
        error: toError(error).message,
      });
    }
  }
}

function withLocation(entity: Entity, name: string): Entity {
  const location = `url:innominatus://${name}`;
  return {
    ...entity,
    metadata: {
      ...entity.metadata,
      annotations: {
        ...entity.metadata.annotations,
        [ANNOTATION_LOCATION]: location,
        [ANNOTATION_ORIGIN_LOCATION]: location,
      },
    },
  };
}
