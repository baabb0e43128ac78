import { CallOptions } from '../request';
import {
  HealthRecord,
  Page,
  Resource,
  ResourceHealth,
  ResourceState,
  ResourceTransition,
  RevealRequest,
  RevealedOutput,
} from '../types';
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
      management?: string[];
      name?: string[];
      uid?: string[];
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

  /** The states it went through, the first change first. */
  async listResourceTransitions(
    id: string,
    call?: CallOptions,
  ): Promise<{ items: ResourceTransition[] }> {
    return this.get(['resources', id, 'transitions'], {}, call);
  }

  /** What health checks said, the latest first. */
  async getResourceHealth(
    id: string,
    options: CallOptions & { limit?: number } = {},
  ): Promise<{ current?: ResourceHealth; items: HealthRecord[] }> {
    const { limit, signal } = options;
    return this.get(['resources', id, 'health'], { limit }, { signal });
  }

  /** Checks the health now; that may change the state. */
  async checkResourceHealth(
    id: string,
    call?: CallOptions,
  ): Promise<{ state: ResourceState; health?: ResourceHealth }> {
    return this.post(['resources', id, 'health-check'], {}, call);
  }

  /** Shows a secret output; who asked and why is kept. */
  async revealResourceOutput(
    id: string,
    request: RevealRequest,
    call?: CallOptions,
  ): Promise<RevealedOutput> {
    return this.post(['resources', id, 'reveal'], request, call);
  }
}
