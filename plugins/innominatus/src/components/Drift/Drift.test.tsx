import { ApplicationDrift } from '@innominatus/backstage-plugin-innominatus-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InnominatusApi } from '../../api';
import {
  aPlan,
  aResource,
  anApplication,
  fakeApi,
  renderPage,
} from '../../__testUtils__';
import { DriftBadge } from './DriftBadge';
import { ResourceDriftPanel } from './ResourceDriftPanel';

jest.setTimeout(30_000);

const YES = { allowed: true };

function aDrift(change: Partial<ApplicationDrift> = {}): ApplicationDrift {
  return {
    status: 'missing',
    count: 2,
    resources: [
      {
        id: 'resource-1',
        uid: 'postgres.default#podinfo.db',
        name: 'db',
        type: 'postgres',
        status: 'drifted',
        since: '2030-01-01T00:00:00Z',
        checkedAt: '2030-01-01T01:00:00Z',
        version: 'v1',
        changes: [
          { path: 'outputs.host', before: 'a.example', after: 'b.example' },
          { path: 'outputs.password', before: '••••', after: '••••' },
        ],
        runId: 'run-9',
      },
    ],
    manifests: {
      status: 'missing',
      checkedAt: '2030-01-01T01:00:00Z',
      version: 'v2',
      objects: [
        {
          status: 'drifted',
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: 'podinfo',
          before: 'replicas: 2\n',
          after: 'replicas: 5\n',
        },
        {
          status: 'missing',
          apiVersion: 'v1',
          kind: 'Service',
          name: 'podinfo',
        },
      ],
    },
    allowedActions: { check: YES, accept: YES, repair: YES },
    ...change,
  };
}

describe('drift of a resource', () => {
  const open = (api: Partial<InnominatusApi>) => {
    const onChanged = jest.fn();
    renderPage(
      <ResourceDriftPanel resource={aResource()} onChanged={onChanged} />,
      { api: fakeApi({ getApplicationDrift: async () => aDrift(), ...api }) },
    );
    return onChanged;
  };

  it('shows from what to what, and no secret', async () => {
    open({});
    const panel = await screen.findByRole('region', { name: 'Drift' });
    expect(await within(panel).findByText('Not as recorded')).toBeVisible();
    const [, host, password] = within(panel).getAllByRole('row');
    expect(host).toHaveTextContent('outputs.hosta.exampleb.example');
    expect(password).toHaveTextContent(
      'outputs.passworda secreta secret, which differs',
    );
  });

  it('is accepted only with a reason, as it was seen', async () => {
    const acceptApplicationDrift = jest.fn(async () => aDrift());
    const onChanged = open({ acceptApplicationDrift });
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Accept what is there of db',
      }),
    );
    const dialog = await screen.findByRole('dialog');
    const confirm = within(dialog).getByRole('button', { name: 'Accept' });
    expect(confirm).toBeDisabled();
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: /Reason/ }),
      ' It moved ',
    );
    await userEvent.click(confirm);
    await waitFor(() => expect(onChanged).toHaveBeenCalled());
    expect(acceptApplicationDrift).toHaveBeenCalledWith(
      { environment: 'development', name: 'podinfo' },
      {
        resource: 'postgres.default#podinfo.db',
        version: 'v1',
        reason: 'It moved',
      },
    );
  });

  it('says so when something else is there by now', async () => {
    open({
      acceptApplicationDrift: async () => {
        throw new Error('What there is is not what you saw.');
      },
    });
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Accept what is there of db',
      }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByRole('textbox'), 'why');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Accept' }),
    );
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'not what you saw',
    );
  });

  it('is taken back by a plan of this resource alone', async () => {
    const plan = jest.fn(async () => aPlan({ action: 'repair' }));
    open({ plan });
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Revert db to what is recorded',
      }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Repair development/podinfo',
    });
    expect(
      await within(dialog).findByRole('button', { name: 'Repair' }),
    ).toBeEnabled();
    expect(plan).toHaveBeenCalledWith(
      { environment: 'development', name: 'podinfo' },
      expect.objectContaining({ action: 'repair', resources: ['db'] }),
    );
  });

  it('says who may not, and offers nothing where there is nothing', async () => {
    const no = { allowed: false, reason: 'You may not deploy.' };
    const { resources } = aDrift();
    open({
      getApplicationDrift: async () =>
        aDrift({ allowedActions: { check: YES, accept: no, repair: no } }),
    });
    expect(
      await screen.findByRole('button', { name: /Accept .* You may not/ }),
    ).toHaveAttribute('aria-disabled', 'true');
    expect(resources).toHaveLength(1);
  });

  it('looks now when asked to', async () => {
    const checkApplicationDrift = jest.fn(async () => aDrift());
    const getApplicationDrift = jest
      .fn()
      .mockResolvedValueOnce(aDrift({ resources: [] }))
      .mockResolvedValue(
        aDrift({
          resources: [
            { ...aDrift().resources[0], status: 'none', changes: [] },
          ],
        }),
      );
    open({ getApplicationDrift, checkApplicationDrift });
    expect(await screen.findByText(/Nobody has looked yet/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Look now' }));
    expect(await screen.findByText('As recorded')).toBeVisible();
    expect(checkApplicationDrift).toHaveBeenCalledWith(
      { environment: 'development', name: 'podinfo' },
      { resource: 'postgres.default#podinfo.db' },
    );
    expect(screen.queryByRole('button', { name: /Accept/ })).toBeNull();
  });
});

describe('drift of an application', () => {
  it('is a number in its row, and opens with everything that differs', async () => {
    const acceptApplicationDrift = jest.fn(async () => aDrift());
    renderPage(
      <DriftBadge
        application={anApplication({
          environment: 'development',
          name: 'podinfo',
          drift: { count: 2 },
        })}
      />,
      {
        api: fakeApi({
          getApplicationDrift: async () => aDrift(),
          acceptApplicationDrift,
        }),
      },
    );
    const badge = await screen.findByRole('button', {
      name: 'Show the drift of development/podinfo: 2',
    });
    expect(badge).toHaveTextContent('Drift (2)');
    await userEvent.click(badge);
    const dialog = await screen.findByRole('dialog', {
      name: 'Drift of development/podinfo',
    });
    const diff = await within(dialog).findByRole('region', {
      name: 'Changes of Deployment podinfo',
    });
    expect(diff).toHaveTextContent('- replicas: 2');
    expect(diff).toHaveTextContent('+ replicas: 5');
    expect(within(dialog).getByText('Service podinfo')).toBeVisible();
    expect(within(dialog).getAllByText('Gone')[0]).toBeVisible();
    expect(
      within(dialog).getByRole('button', { name: 'Repair all' }),
    ).toBeEnabled();
    await userEvent.click(
      within(dialog).getByRole('button', {
        name: 'Accept what is there of the manifests',
      }),
    );
    const accept = await screen.findByRole('dialog', {
      name: 'Accept what is there of the manifests',
    });
    await userEvent.type(within(accept).getByRole('textbox'), 'A hot fix');
    await userEvent.click(
      within(accept).getByRole('button', { name: 'Accept' }),
    );
    await waitFor(() =>
      expect(acceptApplicationDrift).toHaveBeenCalledWith(expect.anything(), {
        version: 'v2',
        reason: 'A hot fix',
      }),
    );
  });

  it('is nothing where nothing differs', () => {
    renderPage(<DriftBadge application={anApplication()} />, {
      api: fakeApi({}),
    });
    expect(screen.queryByRole('button')).toBeNull();
  });
});
