import { renderTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import {
  catalogApiMock,
  createTestEntityPage,
} from '@backstage/plugin-catalog-react/testUtils';
import { screen } from '@testing-library/react';
import innominatusPlugin, { innominatusApiRef } from '.';
import { deploymentStatusCard } from './extensions/entity';
import {
  aRunSummary,
  anApplication,
  anEnvironment,
  fakeApi,
  pageOf,
  podinfo,
} from './__testUtils__';

describe('innominatusPlugin', () => {
  it('brings the list of runs with one heading of the first level', async () => {
    renderTestApp({
      features: [innominatusPlugin],
      initialRouteEntries: ['/innominatus/runs'],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      apis: [
        catalogApiMock(),
        [
          innominatusApiRef,
          fakeApi({ listRuns: async () => pageOf([aRunSummary()]) }),
        ],
      ],
    });

    expect(
      await screen.findByText('Run 1042', {}, { timeout: 20_000 }),
    ).toBeVisible();
    expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
  }, 60_000);

  it('shows a card of environments on components with a Score spec', async () => {
    renderTestApp({
      extensions: [
        createTestEntityPage({ entity: podinfo }),
        deploymentStatusCard,
      ],
      apis: [
        catalogApiMock({ entities: [podinfo] }),
        [
          innominatusApiRef,
          fakeApi({
            listEnvironments: async () => pageOf([anEnvironment()]),
            listApplications: async () => pageOf([anApplication()]),
          }),
        ],
      ],
    });

    expect(
      await screen.findByText('Development', {}, { timeout: 20_000 }),
    ).toBeVisible();
    expect(screen.getByText('in 2 m 03 s')).toBeVisible();
  }, 60_000);

  it('leaves components without a Score spec alone', async () => {
    renderTestApp({
      extensions: [
        createTestEntityPage({ entity: { ...podinfo, spec: {} } }),
        deploymentStatusCard,
      ],
      apis: [catalogApiMock(), [innominatusApiRef, fakeApi({})]],
    });

    expect(screen.queryByText('Deployment status')).not.toBeInTheDocument();
  });
});
