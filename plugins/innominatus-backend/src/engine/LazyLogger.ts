import { LoggerService } from '@backstage/backend-plugin-api';
import { JsonObject } from '@backstage/types';

/**
 * A child logger that is made when something is logged: few steps log to the
 * backend's log, and making a child costs more than a small step.
 */
export class LazyLogger implements LoggerService {
  readonly #parent: LoggerService;
  readonly #meta: JsonObject;
  #made: LoggerService | undefined;

  static create(parent: LoggerService, meta: JsonObject): LazyLogger {
    return new LazyLogger(parent, meta);
  }

  private constructor(parent: LoggerService, meta: JsonObject) {
    this.#parent = parent;
    this.#meta = meta;
  }

  error(message: string, meta?: Error | JsonObject): void {
    this.#child.error(message, meta);
  }

  warn(message: string, meta?: Error | JsonObject): void {
    this.#child.warn(message, meta);
  }

  info(message: string, meta?: Error | JsonObject): void {
    this.#child.info(message, meta);
  }

  debug(message: string, meta?: Error | JsonObject): void {
    this.#child.debug(message, meta);
  }

  child(meta: JsonObject): LoggerService {
    return this.#child.child(meta);
  }

  get #child(): LoggerService {
    this.#made ??= this.#parent.child(this.#meta);
    return this.#made;
  }
}
