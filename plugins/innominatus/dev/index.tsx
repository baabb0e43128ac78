import '@backstage/cli/asset-types';
import { createDevApp } from '@backstage/frontend-dev-utils';
import {
  ApiBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import innominatusPlugin, { innominatusApiRef } from '../src';
import { createDevApi } from './createDevApi';
import { createDevCatalog } from './createDevCatalog';

/** The plugin without a backend: open /catalog/default/component/podinfo. */
createDevApp({
  features: [
    innominatusPlugin,
    catalogPlugin,
    createFrontendModule({
      pluginId: 'innominatus',
      extensions: [
        ApiBlueprint.make({
          params: defineParams =>
            defineParams({
              api: innominatusApiRef,
              deps: {},
              factory: createDevApi,
            }),
        }),
      ],
    }),
    createFrontendModule({
      pluginId: 'catalog',
      extensions: [
        ApiBlueprint.make({
          params: defineParams =>
            defineParams({
              api: catalogApiRef,
              deps: {},
              factory: createDevCatalog,
            }),
        }),
      ],
    }),
  ],
});
