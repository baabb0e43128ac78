import { Entity } from '@backstage/catalog-model';
import { toastApiRef } from '@backstage/frontend-plugin-api';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { RenderResult } from '@testing-library/react';
import { JSX } from 'react';
import { InnominatusApi, innominatusApiRef } from '../api';
import {
  environmentsRouteRef,
  goldenPathsRouteRef,
  impactRouteRef,
  planRouteRef,
  policiesRouteRef,
  providersRouteRef,
  resourcesRouteRef,
  runsRouteRef,
  scoreEditorRouteRef,
  templateRouteRef,
} from '../routes';

export const podinfo: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'podinfo', namespace: 'default' },
  spec: { type: 'service', score: { metadata: { name: 'podinfo' } } },
};

export interface RenderPageOptions {
  api: InnominatusApi;
  /** Where the reader is; the page is mounted at `mountPath`. */
  path?: string;
  mountPath?: string;
  entity?: Entity;
}

/** Renders a page of the plugin in an app with all routes of the portal. */
export function renderPage(
  page: JSX.Element,
  options: RenderPageOptions,
): RenderResult & { toasts: unknown[] } {
  const toasts: unknown[] = [];
  const rendered = renderInTestApp(
    options.entity ? (
      <EntityProvider entity={options.entity}>{page}</EntityProvider>
    ) : (
      page
    ),
    {
      apis: [
        [innominatusApiRef, options.api],
        catalogApiMock(),
        [
          toastApiRef,
          {
            post: toast => {
              toasts.push(toast);
              return { close: () => {} };
            },
          },
        ],
      ],
      initialRouteEntries: [options.path ?? '/'],
      mountPath: options.mountPath,
      mountedRoutes: {
        '/innominatus/runs': runsRouteRef,
        '/innominatus/golden-paths': goldenPathsRouteRef,
        '/innominatus/plans/:planId': planRouteRef,
        '/innominatus/environments': environmentsRouteRef,
        '/innominatus/resources': resourcesRouteRef,
        '/innominatus/providers': providersRouteRef,
        '/innominatus/impact/:subject': impactRouteRef,
        '/innominatus/policies': policiesRouteRef,
        '/innominatus/score-editor': scoreEditorRouteRef,
        '/create/templates/:namespace/:templateName': templateRouteRef,
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
    },
  );
  return { ...rendered, toasts };
}
