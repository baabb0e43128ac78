import {
  AuthService,
  BackstageCredentials,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { InnominatusClient } from '@innominatus/backstage-plugin-innominatus-common';

/**
 * Client of the API of innominatus for other backend plugins.
 *
 * @param options - `credentials` are those of the caller on whose behalf the
 *   API is called; without them the plugin calls for itself.
 *
 * @public
 */
export function createInnominatusClient(options: {
  auth: AuthService;
  discovery: DiscoveryService;
  credentials?: BackstageCredentials;
}): InnominatusClient {
  return new InnominatusClient({
    baseUrl: () => options.discovery.getBaseUrl('innominatus'),
    fetch: async (input, init) => {
      // Tokens live for minutes: a fresh one for every call.
      const { token } = await options.auth.getPluginRequestToken({
        onBehalfOf:
          options.credentials ??
          (await options.auth.getOwnServiceCredentials()),
        targetPluginId: 'innominatus',
      });
      const headers = new Headers(init?.headers);
      headers.set('authorization', `Bearer ${token}`);
      return fetch(input, { ...init, headers });
    },
  });
}
