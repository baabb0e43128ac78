import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InnominatusApi } from '../../api';
import {
  aResource,
  anApplication,
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

const may = { allowed: true };
const allowed = { update: may, delete: may, extend: may, copy: may };
const origin = anEnvironment({
  copies: { present: 0, limit: 5, ttl: '2h', maxTtl: '7d' },
  allowedActions: allowed,
});

async function openNew() {
  await userEvent.click(
    await screen.findByRole('button', { name: 'New short-lived environment' }),
  );
  return screen.findByRole('dialog');
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

  it('makes the environment of a pull request within the limits of its origin', async () => {
    const made = anEnvironment({
      name: 'shop-pr-7',
      title: 'shop, pull request 7',
      type: 'ephemeral',
      order: 11,
      state: 'active',
      expiresAt: '2999-01-01T00:00:00Z',
    });
    const createEphemeralEnvironment = jest.fn(async () => made);
    const listEnvironments = jest
      .fn()
      .mockResolvedValueOnce(pageOf([origin]))
      .mockResolvedValue(pageOf([origin, made]));
    const { toasts } = open({ listEnvironments, createEphemeralEnvironment });
    const dialog = await openNew();
    const create = within(dialog).getByRole('button', { name: 'Create' });
    const ttl = within(dialog).getByRole('textbox', { name: 'Lives for' });
    expect(ttl).toHaveValue('2h');
    expect(create).toBeDisabled();

    await userEvent.click(
      within(dialog).getByRole('radio', { name: 'A pull request' }),
    );
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: /^Number/ }),
      '7',
    );
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Project' }),
      'shop',
    );
    expect(within(dialog).getByText('shop-pr-7')).toBeVisible();
    await userEvent.clear(ttl);
    await userEvent.type(ttl, '8d');
    expect(dialog).toHaveTextContent('At most 7 d are allowed.');
    expect(create).toBeDisabled();
    await userEvent.clear(ttl);
    await userEvent.type(ttl, '4h');
    await userEvent.click(create);

    await waitFor(() =>
      expect(createEphemeralEnvironment).toHaveBeenCalledWith({
        from: 'development',
        pullRequest: 7,
        project: 'shop',
        ttl: '4h',
      }),
    );
    const card = await screen.findByRole('article', {
      name: 'shop, pull request 7',
    });
    await waitFor(() => expect(card).toHaveFocus());
    expect(toasts).toMatchObject([{ title: 'shop-pr-7 is there' }]);
  });

  it('shows at the field what the backend thinks of the time to live', async () => {
    open({
      listEnvironments: async () => pageOf([origin]),
      createEphemeralEnvironment: async () => {
        throw Object.assign(new Error('Today at most 3h are allowed.'), {
          code: 'ENVIRONMENT_TTL',
        });
      },
    });
    const dialog = await openNew();
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: /^Branch/ }),
      'feature/login',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Create' }),
    );
    const ttl = within(dialog).getByRole('textbox', { name: 'Lives for' });
    await waitFor(() =>
      expect(ttl).toHaveAccessibleDescription(/Today at most 3h/),
    );
    expect(within(dialog).queryByRole('alert')).toBeNull();
    await userEvent.clear(ttl);
    await userEvent.type(ttl, '1h');
    expect(
      within(dialog).getByRole('button', { name: 'Create' }),
    ).toBeEnabled();
  });

  it('says why nobody can make one', async () => {
    const reason = 'There may be 1 environments made from it.';
    open({
      listEnvironments: async () =>
        pageOf([
          anEnvironment({
            copies: { present: 1, limit: 1 },
            allowedActions: {
              ...allowed,
              copy: { allowed: false, reason },
            },
          }),
        ]),
    });
    expect(
      await screen.findByRole('button', {
        name: `New short-lived environment. ${reason}`,
      }),
    ).toHaveAttribute('aria-disabled', 'true');
    expect(screen.queryByRole('button', { name: /^End/ })).toBeNull();
  });

  it('ends an environment after showing what goes away, with the reason', async () => {
    const preview = anEnvironment({
      name: 'preview-1',
      title: 'Preview 1',
      type: 'ephemeral',
      state: 'active',
      allowedActions: allowed,
    });
    const deleteEnvironment = jest.fn(async () => preview);
    const listEnvironments = jest
      .fn()
      .mockResolvedValueOnce(pageOf([preview]))
      .mockResolvedValue(pageOf([{ ...preview, state: 'removing' }]));
    open({
      listEnvironments,
      deleteEnvironment,
      getEnvironmentVersion: async () => ({
        environment: preview,
        version: '"4"',
      }),
      listApplications: async () =>
        pageOf([anApplication({ environment: 'preview-1' })]),
      listResources: async () =>
        pageOf([
          aResource({ workload: 'podinfo', type: 'postgres', name: 'db' }),
        ]),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'End now: Preview 1' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(
      await within(dialog).findByText('postgres "db" with its data'),
    ).toBeVisible();
    expect(dialog).toHaveTextContent('Application podinfo');
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Reason' }),
      'Merged',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'End environment' }),
    );
    await waitFor(() =>
      expect(deleteEnvironment).toHaveBeenCalledWith('preview-1', {
        version: '"4"',
        reason: 'Merged',
      }),
    );
    expect(await screen.findByText('Is being removed')).toBeVisible();
  });

  it('shows what changed meanwhile, and in production asks for the name', async () => {
    const load = jest.fn(async () => ({
      environment: anEnvironment(),
      version: '"1"',
    }));
    open({
      listEnvironments: async () =>
        pageOf([
          anEnvironment({
            name: 'eu',
            title: 'Europe',
            type: 'production',
            state: 'active',
            allowedActions: allowed,
          }),
        ]),
      getEnvironmentVersion: load,
      listApplications: async () => pageOf([]),
      listResources: async () => pageOf([]),
      deleteEnvironment: async () => {
        throw new Error('It was changed meanwhile.');
      },
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'End now: Europe' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText('Nothing is in it.')).toBeVisible();
    const end = within(dialog).getByRole('button', { name: 'End environment' });
    expect(end).toBeDisabled();
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: /^Name/ }),
      'eu',
    );
    await userEvent.click(end);
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'It was changed meanwhile.',
    );
    expect(load).toHaveBeenCalledTimes(2);
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
