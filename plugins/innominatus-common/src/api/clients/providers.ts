import { CallOptions } from '../request';
import {
  DefinitionLocationSummary,
  DefinitionsSummary,
  Impact,
  ImpactRequest,
  Page,
  ProviderSummary,
} from '../types';
import { ListOptions } from './ApiCalls';
import { PolicyCalls } from './policies';

/**
 * Providers.
 *
 * @public
 */
export abstract class ProviderCalls extends PolicyCalls {
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

  /** Where definitions come from, and what of them is in use. */
  async listLocations(
    options: ListOptions = {},
  ): Promise<Page<DefinitionLocationSummary>> {
    return this.list(['locations'], options, {});
  }

  /** What other providers would change, without touching anything. */
  async previewProviders(
    request: ImpactRequest,
    call?: CallOptions,
  ): Promise<Impact> {
    return this.post(['providers', 'impact'], request, call);
  }

  /** What other golden paths would change, without touching anything. */
  async previewGoldenPaths(
    request: ImpactRequest,
    call?: CallOptions,
  ): Promise<Impact> {
    return this.post(['golden-paths', 'impact'], request, call);
  }
}
