import {
  ApiBlueprint,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { InnominatusClient } from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusApiRef } from '../api';

export const innominatusApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: innominatusApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: ({ discoveryApi, fetchApi }) =>
        new InnominatusClient({
          baseUrl: () => discoveryApi.getBaseUrl('innominatus'),
          fetch: fetchApi.fetch,
        }),
    }),
});
