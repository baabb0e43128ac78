import { CallOptions } from '../request';
import { Environment, Page } from '../types';
import { ListOptions } from './ApiCalls';
import { ScheduleCalls } from './schedules';

/**
 * Environments.
 *
 * @public
 */
export abstract class EnvironmentCalls extends ScheduleCalls {
  async listEnvironments(
    options: ListOptions = {},
  ): Promise<Page<Environment>> {
    return this.list(['environments'], options, {});
  }

  async getEnvironment(name: string, call?: CallOptions): Promise<Environment> {
    return this.get(['environments', name], {}, call);
  }
}
