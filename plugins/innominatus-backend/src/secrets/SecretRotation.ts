import { LoggerService, SchedulerService } from '@backstage/backend-plugin-api';
import { RotatingSecretStore } from './types';

const BATCH = 100;

export interface RotationResult {
  /** Secrets that the current key encrypts now. */
  rotated: number;
  /** Secrets whose key is not in the configuration any more. */
  unreadable: number;
}

/**
 * Encrypts with the current key what older keys encrypted, so that those can
 * leave the configuration.
 *
 * Nothing is remembered between rounds: what is left to do is what another key
 * encrypted. A round that is interrupted is carried on by the next one, and one
 * with nothing to do costs a look at the table.
 */
export class SecretRotation {
  readonly #store: RotatingSecretStore;
  readonly #logger: LoggerService;

  static create(options: {
    store: RotatingSecretStore;
    logger: LoggerService;
  }): SecretRotation {
    return new SecretRotation(options);
  }

  private constructor(options: {
    store: RotatingSecretStore;
    logger: LoggerService;
  }) {
    this.#store = options.store;
    this.#logger = options.logger;
  }

  /** One replica every hour, and soon after each start. */
  async schedule(scheduler: SchedulerService): Promise<void> {
    await scheduler.scheduleTask({
      id: 'innominatus-secret-rotation',
      scope: 'global',
      frequency: { hours: 1 },
      timeout: { minutes: 30 },
      initialDelay: { seconds: 30 },
      fn: async signal => {
        await this.runOnce(signal);
      },
    });
  }

  async runOnce(signal?: AbortSignal): Promise<RotationResult> {
    const total: RotationResult = { rotated: 0, unreadable: 0 };
    let after: string | undefined;
    do {
      const batch = await this.#store.rotate({ after, limit: BATCH });
      total.rotated += batch.rotated;
      total.unreadable += batch.unreadable;
      after = batch.next;
    } while (after !== undefined && !signal?.aborted);
    if (total.rotated > 0) {
      this.#logger.info(
        `Encrypted ${total.rotated} secrets with the current key`,
      );
    }
    if (total.unreadable > 0) {
      this.#logger.warn(
        `${total.unreadable} secrets cannot be encrypted with the current key: the key that encrypted them is not in "innominatus.encryption.keys", or was changed. Add it behind the current key.`,
      );
    }
    return total;
  }
}
