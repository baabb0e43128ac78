import { Config } from '@backstage/config';
import { WorkflowRuntimeFactory } from '@innominatus/backstage-plugin-innominatus-node';
import { readRuntimeType } from './readRuntimeType';
import {
  EMBEDDED,
  InstalledRuntime,
  RunRuntimes,
  whyNotInstalled,
} from './types';

export interface RuntimesOptions {
  factories: WorkflowRuntimeFactory[];
}

/** The runtimes that modules brought beside the embedded one. */
export class Runtimes implements RunRuntimes {
  readonly current: string;
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
    for (const factory of options.factories) {
      this.#installed.set(factory.type, { factory });
    }
  }

  whyUnavailable(type: string): string | undefined {
    if (type === EMBEDDED) {
      return undefined;
    }
    const installed = this.#installed.get(type);
    return installed ? installed.problem : whyNotInstalled(type);
  }
}
