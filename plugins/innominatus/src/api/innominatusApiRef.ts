import { createApiRef } from '@backstage/frontend-plugin-api';
import { InnominatusClient } from '@innominatus/backstage-plugin-innominatus-common';

/**
 * What the pages need of the backend: the public members of
 * `InnominatusClient`, so that tests and other plugins can replace it.
 *
 * @public
 */
export type InnominatusApi = Pick<InnominatusClient, keyof InnominatusClient>;

/**
 * Reaches the innominatus backend as the signed-in user.
 *
 * @public
 */
export const innominatusApiRef = createApiRef<InnominatusApi>().with({
  id: 'plugin.innominatus',
  pluginId: 'innominatus',
});
