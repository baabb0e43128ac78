import { ResourceCalls } from './clients/resources';
import { CallOptions } from './request';

/**
 * Client of the API of innominatus, version 1. The methods of each noun are
 * in a file of their own in `clients`.
 *
 * @public
 */
export class InnominatusClient extends ResourceCalls {
  async getVersion(call?: CallOptions): Promise<{ version: string }> {
    return this.get(['version'], {}, call);
  }
}
