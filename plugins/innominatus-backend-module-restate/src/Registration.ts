import { LoggerService } from '@backstage/backend-plugin-api';
import { askRestate } from './askRestate';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** A server that is there answers within this; Backstage waits no longer. */
const FIRST_WAIT_MS = 1_000;

export interface RegistrationOptions {
  adminUrl: string;
  token?: string;
  /** Where Restate reaches the services. */
  url: string;
  logger: LoggerService;
}

/**
 * Makes the address of the services known to Restate, and tries until Restate
 * has taken it. Every backend does so at its start; the same address again has
 * Restate look at the services again.
 */
export class Registration {
  readonly #options: RegistrationOptions;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  readonly #tried: Promise<void>;
  #endFirstTry: () => void = () => {};
  #problem: string | undefined = 'It does not know this backend yet.';

  /** Waits a moment for the first try, so that work can begin at once. */
  static async start(options: RegistrationOptions): Promise<Registration> {
    const registration = new Registration(options);
    const over = new AbortController();
    await Promise.race([
      registration.#tried,
      pause(FIRST_WAIT_MS, over.signal),
    ]);
    over.abort();
    return registration;
  }

  private constructor(options: RegistrationOptions) {
    this.#options = options;
    this.#tried = new Promise(resolve => {
      this.#endFirstTry = resolve;
    });
    this.#done = this.#register();
  }

  /** Why Restate does not know the services yet. */
  get problem(): string | undefined {
    return this.#problem;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #register(): Promise<void> {
    const { adminUrl, logger, token, url } = this.#options;
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#stop.signal.aborted) {
      try {
        await askRestate(`${adminUrl}/deployments`, {
          token,
          body: { uri: url, force: true },
        });
        this.#problem = undefined;
        logger.info(`Restate knows this backend as ${url}`);
        return;
      } catch (error) {
        this.#problem = (error as Error).message;
        logger.warn(
          `This backend could not be made known to Restate, trying again: ${this.#problem}`,
        );
      } finally {
        this.#endFirstTry();
      }
      await pause(pauseMs, this.#stop.signal);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
    if (signal.aborted) {
      done();
    }
  });
}
