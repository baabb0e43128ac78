import { CallOptions } from '../request';
import { DefinitionsSummary, Page, ProviderSummary } from '../types';
import { ListOptions } from './ApiCalls';
import { EnvironmentCalls } from './environments';

/**
 * Providers.
 *
 * @public
 */
export abstract class ProviderCalls extends EnvironmentCalls {
  async listProviders(
    options: ListOptions = {},
  ): Promise<Page<ProviderSummary>> {
    return this.list(['providers'], options, {});
  }

  async getProvider(
    name: string,
    call?: CallOptions,
  ): Promise<ProviderSummary> {
    return this.get(['providers', name], {}, call);
  }

  /** Has the definitions of all locations read again. */
  async refreshProviders(call?: CallOptions): Promise<DefinitionsSummary> {
    return this.post(['providers', 'refresh'], {}, call);
  }
}
