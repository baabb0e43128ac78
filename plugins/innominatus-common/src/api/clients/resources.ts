import { CallOptions } from '../request';
import { Page, Resource } from '../types';
import { ListOptions } from './ApiCalls';
import { ProviderCalls } from './providers';

/**
 * Resources.
 *
 * @public
 */
export abstract class ResourceCalls extends ProviderCalls {
  async listResources(
    options: ListOptions & {
      environment?: string[];
      workload?: string[];
      type?: string[];
      state?: string[];
    } = {},
  ): Promise<Page<Resource>> {
    const { limit, cursor, sort, count, signal, ...filter } = options;
    return this.list(
      ['resources'],
      { limit, cursor, sort, count, signal },
      filter,
    );
  }

  async getResource(id: string, call?: CallOptions): Promise<Resource> {
    return this.get(['resources', id], {}, call);
  }
}
