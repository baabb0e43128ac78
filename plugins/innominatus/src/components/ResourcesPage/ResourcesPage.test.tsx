import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InnominatusApi } from '../../api';
import {
  aProvider,
  aResource,
  anEnvironment,
  fakeApi,
  pageOf,
  renderPage,
} from '../../__testUtils__';
import { ResourcesPage } from './ResourcesPage';

jest.setTimeout(30_000);

function open(api: Partial<InnominatusApi>, query = '') {
  return renderPage(<ResourcesPage />, {
    path: `/innominatus/resources${query}`,
    mountPath: '/innominatus/resources',
    api: fakeApi({
      listEnvironments: async () => pageOf([anEnvironment()]),
      listProviders: async () => pageOf([aProvider()]),
      ...api,
    }),
  });
}

describe('ResourcesPage', () => {
  it('lists resources with a link, their state and what went wrong', async () => {
    open({
      listResources: async () =>
        pageOf([
          aResource(),
          aResource({
            id: 'resource-2',
            name: 'cache',
            type: 'redis',
            management: 'delegated',
            state: 'failed',
            error: 'No room\ndetails',
          }),
        ]),
    });
    expect(
      await screen.findByRole('link', { name: 'postgres "db"' }),
    ).toHaveAttribute('href', '/innominatus/resources/resource-1');
    expect(screen.getByText('Active', { selector: 'span' })).toBeVisible();
    expect(screen.getByText('No room')).toBeVisible();
    expect(screen.getByRole('row', { name: /cache/ })).toHaveTextContent(
      'Delegated',
    );
    expect(screen.getByRole('row', { name: /db/ })).toHaveTextContent('Native');
  });

  it('narrows the list to what others make', async () => {
    const listResources = jest.fn(async () => pageOf([aResource()]));
    open({ listResources });
    await userEvent.click(
      await screen.findByRole('button', { name: /Management/ }),
    );
    await userEvent.click(
      await screen.findByRole('option', { name: 'Delegated' }),
    );
    await waitFor(() =>
      expect(listResources).toHaveBeenLastCalledWith(
        expect.objectContaining({ management: ['delegated'] }),
      ),
    );
  });

  it('reads filters from the address and writes them there', async () => {
    const listResources = jest.fn(async () => pageOf([aResource()]));
    open({ listResources }, '?workload=podinfo&cursor=abc');
    await waitFor(() =>
      expect(listResources).toHaveBeenCalledWith(
        expect.objectContaining({ workload: ['podinfo'], cursor: 'abc' }),
      ),
    );
    await userEvent.click(await screen.findByRole('button', { name: /Type/ }));
    await userEvent.click(
      await screen.findByRole('option', { name: 'postgresql' }),
    );
    await waitFor(() =>
      expect(listResources).toHaveBeenLastCalledWith(
        expect.objectContaining({
          workload: ['podinfo'],
          type: ['postgresql'],
          cursor: undefined,
        }),
      ),
    );
  });

  it('teaches where resources come from, and clears filters that match nothing', async () => {
    const listResources = jest.fn(async (options?: { state?: string[] }) =>
      options?.state?.length ? pageOf([]) : pageOf([aResource()]),
    );
    open({ listResources }, '?state=failed');
    expect(
      await screen.findByText('No resource matches the filters'),
    ).toBeVisible();
    await userEvent.click(
      screen.getAllByRole('button', { name: 'Clear filters' })[0],
    );
    expect(
      await screen.findByRole('link', { name: 'postgres "db"' }),
    ).toBeVisible();
  });

  it('says that there is nothing yet', async () => {
    open({});
    expect(await screen.findByText('No resources yet')).toBeVisible();
  });
});
