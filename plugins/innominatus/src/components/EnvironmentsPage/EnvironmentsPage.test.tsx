import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InnominatusApi } from '../../api';
import {
  anEnvironment,
  fakeApi,
  pageOf,
  renderPage,
} from '../../__testUtils__';
import { EnvironmentsPage } from './EnvironmentsPage';

jest.setTimeout(30_000);

function open(api: Partial<InnominatusApi>) {
  return renderPage(<EnvironmentsPage />, {
    path: '/innominatus/environments',
    mountPath: '/innominatus/environments',
    api: fakeApi(api),
  });
}

describe('EnvironmentsPage', () => {
  it('shows environments in the order of the platform team, with their rules', async () => {
    open({
      listEnvironments: async () =>
        pageOf([
          anEnvironment({
            name: 'production',
            title: 'Production',
            type: 'production',
            order: 3,
            target: {
              type: 'kubernetes',
              cluster: 'eu-1',
              namespace: 'shop-${app.name}',
            },
            rules: {
              deployers: ['owner'],
              approval: {
                approvers: ['group:default/platform-team'],
                quorum: 2,
                allowRequester: false,
                reasonRequired: true,
              },
            },
            quotas: { applications: 1, resourcesByType: { postgres: 4 } },
            freezes: [
              {
                reason: 'End of the year',
                timezone: 'UTC',
                from: '2000-01-01',
                to: '2999-01-01',
              },
            ],
          }),
          anEnvironment({ order: 1 }),
        ]),
    });
    const cards = await screen.findAllByRole('article');
    expect(
      cards.map(card => within(card).getByRole('heading').textContent),
    ).toEqual(['Development', 'Production']);
    const production = cards[1];
    expect(production).toHaveTextContent(
      'Kubernetes eu-1, namespace shop-${app.name}',
    );
    expect(production).toHaveTextContent('2 approvals platform-team');
    expect(production).toHaveTextContent('the owner of the application');
    expect(production).toHaveTextContent('1 application, 4 × postgres');
    expect(
      within(production).getByText('Frozen now: End of the year'),
    ).toBeVisible();
    expect(
      within(production).getByRole('link', { name: 'Runs in Production' }),
    ).toHaveAttribute('href', '/innominatus/runs?environment=production');
    expect(
      within(production).queryByRole('button', { name: /Extend/ }),
    ).toBeNull();
  });

  it('lets a short-lived environment live longer', async () => {
    const preview = anEnvironment({
      name: 'preview-1',
      title: 'Preview 1',
      type: 'ephemeral',
      expiresAt: '2999-01-01T00:00:00Z',
      copyOf: { environment: 'development', branch: 'main' },
    });
    const extendEnvironment = jest.fn(async () => preview);
    const listEnvironments = jest.fn(async () => pageOf([preview]));
    const { toasts } = open({ listEnvironments, extendEnvironment });
    expect(
      await screen.findByText('development for branch main'),
    ).toBeVisible();
    await userEvent.click(
      screen.getByRole('button', { name: 'Extend Preview 1' }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Extend' }),
    );
    await waitFor(() =>
      expect(extendEnvironment).toHaveBeenCalledWith('preview-1', {
        by: '1d',
      }),
    );
    await waitFor(() => expect(listEnvironments).toHaveBeenCalledTimes(2));
    expect(toasts).toHaveLength(1);
  });

  it('says why it was not extended and keeps the dialog', async () => {
    open({
      listEnvironments: async () =>
        pageOf([anEnvironment({ expiresAt: '2999-01-01T00:00:00Z' })]),
      extendEnvironment: async () => {
        throw new Error('At most 7 days are allowed');
      },
    });
    await userEvent.click(
      await screen.findByRole('button', { name: /^Extend/ }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Extend' }),
    );
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'At most 7 days are allowed',
    );
  });

  it('teaches where environments come from, and asks again after an error', async () => {
    open({
      listEnvironments: jest
        .fn()
        .mockRejectedValueOnce(new Error('The backend is away'))
        .mockResolvedValue(pageOf([])),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Try again' }),
    );
    expect(await screen.findByText('No environments')).toBeVisible();
  });
});
