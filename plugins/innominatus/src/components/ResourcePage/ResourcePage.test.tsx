import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router-dom';
import { InnominatusApi } from '../../api';
import { aResource, fakeApi, renderPage } from '../../__testUtils__';
import { ResourcePage } from './ResourcePage';

jest.setTimeout(30_000);

function open(api: Partial<InnominatusApi>) {
  return renderPage(
    <Routes>
      <Route path=":resourceId" element={<ResourcePage />} />
    </Routes>,
    {
      path: '/innominatus/resources/resource-1',
      mountPath: '/innominatus/resources',
      api: fakeApi({ getResource: async () => aResource(), ...api }),
    },
  );
}

describe('ResourcePage', () => {
  it('shows the state, the hints and the history of a resource', async () => {
    open({
      getResource: async () =>
        aResource({
          hints: [
            { type: 'url', label: 'Console', value: 'https://c.example' },
            { type: 'url', label: 'Trap', value: 'data:text/html,alert' },
          ],
        }),
      listResourceTransitions: async () => ({
        items: [
          {
            from: 'requested',
            to: 'provisioning',
            reason: 'The deployment began',
            by: 'user:default/mia',
            runId: 'run-1',
            at: '2030-01-01T00:00:00Z',
          },
          {
            from: 'provisioning',
            to: 'active',
            reason: 'The run succeeded',
            by: 'innominatus',
            at: '2030-01-01T00:05:00Z',
          },
        ],
      }),
    });
    expect(
      await screen.findByRole('heading', { name: 'postgres "db"' }),
    ).toBeVisible();
    expect(screen.getByRole('link', { name: /Console/ })).toHaveAttribute(
      'href',
      'https://c.example',
    );
    expect(screen.queryByRole('link', { name: /Trap/ })).toBeNull();
    const rows = await screen.findAllByRole('row');
    expect(rows[1]).toHaveTextContent('Active');
    expect(rows[2]).toHaveTextContent('The deployment began');
    expect(within(rows[2]).getByRole('link', { name: 'mia' })).toBeVisible();
  });

  it.each([
    ['native', 'Native (a workflow makes it)'],
    ['delegated', 'Delegated (made outside)'],
    ['external', 'External (was there already)'],
  ] as const)('says in words that it is %s', async (management, words) => {
    open({ getResource: async () => aResource({ management }) });
    const fact = (await screen.findByText('Management')).parentElement;
    expect(fact).toHaveTextContent(words);
  });

  it('reveals a secret only with a reason, and forgets it when closed', async () => {
    const revealResourceOutput = jest.fn(async () => ({
      output: 'password',
      value: 's3cret',
      revealedAt: '2030-01-01T00:00:00Z',
    }));
    open({ revealResourceOutput });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Reveal password' }),
    );
    expect(screen.queryByRole('button', { name: 'Reveal host' })).toBeNull();
    const dialog = await screen.findByRole('dialog');
    const confirm = within(dialog).getByRole('button', { name: 'Reveal' });
    expect(confirm).toBeDisabled();
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: /Reason/ }),
      ' INC-7 ',
    );
    await userEvent.click(confirm);
    expect(await within(dialog).findByText('s3cret')).toBeVisible();
    expect(revealResourceOutput).toHaveBeenCalledWith('resource-1', {
      output: 'password',
      reason: 'INC-7',
    });
    expect(within(dialog).getByRole('group', { name: 'Value' })).toHaveFocus();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByText('s3cret')).toBeNull();
  });

  it('says who may not look', async () => {
    open({
      revealResourceOutput: async () => {
        throw Object.assign(new Error('Permission denied.'), {
          name: 'InnominatusApiError',
          status: 403,
          code: 'NOT_ALLOWED',
        });
      },
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Reveal password' }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByRole('textbox'), 'why');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Reveal' }),
    );
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'Permission denied.',
    );
  });

  it('shows what health checks said, and checks when asked to', async () => {
    const checkResourceHealth = jest.fn(async () => ({
      state: 'degraded' as const,
    }));
    const now = '2030-01-01T00:00:00Z';
    open({
      checkResourceHealth,
      getResourceHealth: async () => ({
        current: {
          status: 'unhealthy',
          message: 'It accepts no connection.',
          checkedAt: now,
        },
        items: [
          {
            status: 'unhealthy',
            message: 'It accepts no connection.',
            checks: 7,
            durationMs: 3,
            since: now,
            until: now,
          },
        ],
      }),
    });
    const panel = await screen.findByRole('region', { name: 'Health' });
    expect(
      (await within(panel).findAllByText('Not healthy')).length,
    ).toBeGreaterThan(0);
    expect(within(panel).getAllByRole('row')[1]).toHaveTextContent('7');
    await userEvent.click(
      within(panel).getByRole('button', { name: 'Check now' }),
    );
    expect(checkResourceHealth).toHaveBeenCalledWith('resource-1');
  });

  it('leads to what somebody outside has to do', async () => {
    open({
      getResource: async () =>
        aResource({
          state: 'provisioning',
          waitingFor: {
            message: 'Waits for the pull request.',
            link: { url: 'https://git.example/pulls/1', title: 'Pull 1' },
          },
        }),
    });
    expect(
      await screen.findByText('Waits for the pull request.'),
    ).toBeVisible();
    expect(screen.getByRole('link', { name: /Pull 1/ })).toHaveAttribute(
      'href',
      'https://git.example/pulls/1',
    );
  });

  it('never makes a link out of what could run as code', async () => {
    open({
      getResource: async () =>
        aResource({
          state: 'provisioning',
          waitingFor: {
            message: 'Waits for somebody.',
            link: { url: 'data:text/html,alert', title: 'Trap' },
          },
        }),
    });
    expect(await screen.findByText('Waits for somebody.')).toBeVisible();
    expect(screen.queryByRole('link', { name: /Trap/ })).toBeNull();
  });

  it('says what made a resource fail', async () => {
    open({
      getResource: async () =>
        aResource({ state: 'failed', error: 'The disk is full' }),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The disk is full',
    );
  });
});
