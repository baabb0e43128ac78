import { LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { ForwardedError } from '@backstage/errors';
import {
  WorkflowRuntime,
  WorkflowRuntimeFactory,
  WorkflowRuntimeHost,
} from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { RunChanges } from '../engine';
import { runtimesInUse } from './dispatchRows';
import { readRuntimeType } from './readRuntimeType';
import { RuntimeDispatcher } from './RuntimeDispatcher';
import { EMBEDDED, RunRuntimes, whyNotInstalled } from './types';

export interface RuntimesOptions {
  factories: WorkflowRuntimeFactory[];
  knex: Knex;
  changes: RunChanges;
  logger: LoggerService;
  /** A runtime that lost everything gets its runs again after this time (default 2 minutes). */
  submitAgainMs?: number;
}

/** A runtime that a module brought, and how far it got. */
interface InstalledRuntime {
  factory: WorkflowRuntimeFactory;
  runtime?: WorkflowRuntime;
  dispatcher?: RuntimeDispatcher;
  /** Why it could not be made or started. */
  problem?: string;
}

export type CreateRuntimeHost = (type: string) => Promise<WorkflowRuntimeHost>;

/**
 * The runtimes that modules brought beside the embedded one.
 *
 * Only those are made that have work: the one for new runs, and those with runs
 * from before a switch.
 */
export class Runtimes implements RunRuntimes {
  readonly current: string;
  readonly #options: RuntimesOptions;
  readonly #installed = new Map<string, InstalledRuntime>();

  static fromConfig(config: Config, options: RuntimesOptions): Runtimes {
    const types = options.factories.map(factory => factory.type);
    for (const type of types) {
      if (
        type === EMBEDDED ||
        types.indexOf(type) !== types.lastIndexOf(type)
      ) {
        throw new Error(
          `The runtime "${type}" is brought twice. Remove one of the backend modules that bring it.`,
        );
      }
    }
    return new Runtimes(readRuntimeType(config, types), options);
  }

  private constructor(current: string, options: RuntimesOptions) {
    this.current = current;
    this.#options = options;
    for (const factory of options.factories) {
      this.#installed.set(factory.type, { factory });
    }
  }

  async start(createHost: CreateRuntimeHost): Promise<void> {
    if (this.#installed.size === 0) {
      return;
    }
    const inUse = new Set(await runtimesInUse(this.#options.knex));
    for (const [type, installed] of this.#installed) {
      if (type === this.current || inUse.has(type)) {
        await this.#startOne(installed, createHost);
      }
    }
  }

  async stop(): Promise<void> {
    for (const { dispatcher } of this.#installed.values()) {
      await dispatcher?.stop();
    }
    for (const { runtime } of this.#installed.values()) {
      await runtime?.stop();
    }
  }

  whyUnavailable(type: string): string | undefined {
    if (type === EMBEDDED) {
      return undefined;
    }
    const installed = this.#installed.get(type);
    return installed
      ? (installed.problem ?? installed.dispatcher?.problem)
      : whyNotInstalled(type);
  }

  async #startOne(
    installed: InstalledRuntime,
    createHost: CreateRuntimeHost,
  ): Promise<void> {
    const { factory } = installed;
    const { type } = factory;
    try {
      installed.runtime = await factory.create(await createHost(type));
      await installed.runtime.start();
    } catch (error) {
      if (type === this.current) {
        throw new ForwardedError(`The runtime "${type}" did not start`, error);
      }
      installed.problem = `Waits for the runtime "${type}", which did not start. ${(error as Error).message}`;
      this.#options.logger.warn(
        `Runs of the runtime "${type}" wait, because it did not start: ${(error as Error).message}`,
      );
      return;
    }
    installed.dispatcher = RuntimeDispatcher.create({
      ...this.#options,
      type,
      runtime: installed.runtime,
    });
    installed.dispatcher.start();
  }
}
