import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  aDeployment,
  aPlan,
  anApplication,
  anEnvironment,
  fakeApi,
  pageOf,
  podinfo,
  renderPage,
} from '../../__testUtils__';
import { DeploymentsTab } from './DeploymentsTab';

const environments = [
  anEnvironment({
    name: 'production',
    title: 'Production',
    type: 'production',
    order: 30,
  }),
  anEnvironment(),
];

const listEnvironments = async () => pageOf(environments);

describe('DeploymentsTab', () => {
  it('lists every environment in its order, deployed or not', async () => {
    const listApplications = jest.fn(async () => pageOf([anApplication()]));
    renderPage(<DeploymentsTab />, {
      entity: podinfo,
      api: fakeApi({
        listEnvironments,
        listApplications,
        listDeployments: async () => pageOf([aDeployment()]),
      }),
    });

    const [table] = await screen.findAllByRole('grid');
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toHaveTextContent('Development');
    expect(rows[0]).toHaveTextContent('podinfo:6.7.1');
    expect(rows[0]).toHaveTextContent('Succeeded in 2 m 03 s');
    expect(rows[1]).toHaveTextContent('Productionproduction');
    expect(rows[1]).toHaveTextContent('Not deployed');
    expect(listApplications).toHaveBeenCalledWith(
      expect.objectContaining({ entityRef: ['component:default/podinfo'] }),
    );
    expect(await screen.findByText('image, 1 variable')).toBeVisible();
  });

  it('links the plan of a deployment that ended, and says who passed a freeze', async () => {
    renderPage(<DeploymentsTab />, {
      entity: podinfo,
      api: fakeApi({
        listEnvironments,
        listApplications: async () =>
          pageOf([anApplication({ lastDeployment: undefined })]),
        listDeployments: async () =>
          pageOf([
            aDeployment({
              planId: 'plan-7',
              freezeOverride: { reason: 'Outage', by: 'user:default/jane' },
            }),
          ]),
      }),
    });

    expect(
      await screen.findByRole('link', { name: 'Plan of #41' }),
    ).toHaveAttribute('href', '/innominatus/plans/plan-7');
    expect(screen.getByText(/May pass a freeze: Outage/)).toBeVisible();
  });

  it('withdraws a deployment that waits, with the reason', async () => {
    const cancelDeployment = jest.fn(async () =>
      aDeployment({ status: 'cancelled' }),
    );
    const listDeployments = jest.fn(async () =>
      pageOf([
        aDeployment({
          status: 'pending',
          runId: undefined,
          endedAt: undefined,
          planId: 'plan-7',
          approvalId: 'plan~deployment-1',
        }),
      ]),
    );
    renderPage(<DeploymentsTab />, {
      entity: podinfo,
      api: fakeApi({
        listEnvironments,
        listApplications: async () => pageOf([anApplication()]),
        listDeployments,
        cancelDeployment,
      }),
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Withdraw: development, #41' }),
    );
    const dialog = screen.getByRole('dialog', {
      name: 'Withdraw deployment #41?',
    });
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Reason' }),
      'Wrong image',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Withdraw' }),
    );
    await waitFor(() => expect(listDeployments).toHaveBeenCalledTimes(2));
    expect(cancelDeployment).toHaveBeenCalledWith('deployment-1', {
      reason: 'Wrong image',
    });
  });

  it('shows a first deployment that waits, before anything is deployed', async () => {
    renderPage(<DeploymentsTab />, {
      entity: podinfo,
      api: fakeApi({
        listEnvironments,
        listApplications: async () => pageOf([]),
        listDeployments: async () =>
          pageOf([
            aDeployment({
              status: 'pending',
              runId: undefined,
              endedAt: undefined,
              approvalId: 'plan~deployment-1',
            }),
          ]),
      }),
    });

    expect(await screen.findByText('Not deployed anywhere yet')).toBeVisible();
    expect(
      await screen.findByRole('button', { name: 'Withdraw: development, #41' }),
    ).toBeVisible();
  });

  it('says who may not withdraw why', async () => {
    const reason = 'Ask the owner.';
    const application = anApplication();
    renderPage(<DeploymentsTab />, {
      entity: podinfo,
      api: fakeApi({
        listEnvironments,
        listApplications: async () =>
          pageOf([
            anApplication({
              allowedActions: {
                ...application.allowedActions,
                deploy: { allowed: false, reason },
              },
            }),
          ]),
        listDeployments: async () =>
          pageOf([
            aDeployment({
              runId: undefined,
              endedAt: undefined,
              approvalId: 'plan~deployment-1',
            }),
          ]),
      }),
    });

    expect(
      await screen.findByRole('button', {
        name: `Withdraw: development, #41. ${reason}`,
      }),
    ).toHaveAttribute('aria-disabled', 'true');
  });

  it('asks for the image before it deploys a Score spec that leaves it open', async () => {
    const issue = {
      severity: 'error' as const,
      code: 'SCORE_IMAGE_MISSING',
      message: 'container has no image',
      pointer: '/containers/web/image',
      line: 6,
      column: 12,
      suggestions: [],
    };
    renderPage(<DeploymentsTab />, {
      entity: podinfo,
      api: fakeApi({
        listEnvironments,
        validateScore: async () => ({ valid: false, issues: [issue] }),
        plan: async () =>
          Promise.reject(
            Object.assign(new Error('1 error'), { issues: [issue] }),
          ),
      }),
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Deploy to Development' }),
    );
    expect(await screen.findByRole('textbox', { name: /Image/ })).toBeVisible();
  });

  it('leads from a deployment that waits to the question about its plan', async () => {
    renderPage(<DeploymentsTab />, {
      entity: podinfo,
      api: fakeApi({
        listEnvironments,
        listApplications: async () => pageOf([anApplication()]),
        listDeployments: async () =>
          pageOf([
            aDeployment({
              number: 42,
              status: 'pending',
              runId: undefined,
              planId: 'plan-1',
              approvalId: 'plan~1',
            }),
          ]),
      }),
    });
    expect(
      await screen.findByRole('link', { name: '#42 deploy' }),
    ).toHaveAttribute('href', '/innominatus/plans/plan-1?approval=plan%7E1');
  });

  it('goes back to an earlier deployment after its plan was looked at', async () => {
    const plan = jest.fn(async () => aPlan({ action: 'rollback' }));
    const deploy = jest.fn(async () =>
      aDeployment({ number: 42, action: 'rollback' }),
    );
    renderPage(<DeploymentsTab />, {
      entity: podinfo,
      api: fakeApi({
        listEnvironments,
        listApplications: async () => pageOf([anApplication()]),
        listDeployments: async () =>
          pageOf([
            aDeployment(),
            aDeployment({ id: 'd-40', number: 40, status: 'failed' }),
            aDeployment({ id: 'd-39', number: 39 }),
          ]),
        plan,
        deploy,
      }),
    });
    const back = await screen.findByRole('button', { name: /^Roll back/ });
    expect(back).toHaveAccessibleName('Roll back to this: Development, #39');
    await userEvent.click(back);
    const dialog = await screen.findByRole('dialog', {
      name: 'Roll back development/podinfo to #39',
    });
    await userEvent.click(
      await within(dialog).findByRole('button', { name: 'Roll back' }),
    );
    const change = { action: 'rollback', target: { deployment: 39 } };
    await waitFor(() =>
      expect(deploy).toHaveBeenCalledWith(
        { environment: 'development', name: 'podinfo' },
        { ...change, planHash: aPlan().hash },
        expect.anything(),
      ),
    );
    expect(plan).toHaveBeenCalledTimes(1);
    expect(plan).toHaveBeenCalledWith(
      expect.objectContaining({ environment: 'development' }),
      change,
    );
  }, 30_000);

  it('takes over what runs in the environment before', async () => {
    const plan = jest.fn(async () => aPlan({ action: 'promote' }));
    renderPage(<DeploymentsTab />, {
      entity: podinfo,
      api: fakeApi({
        listEnvironments,
        listApplications: async () => pageOf([anApplication()]),
        listDeployments: async () => pageOf([aDeployment()]),
        plan,
      }),
    });
    // Nothing comes before development.
    expect(
      await screen.findAllByRole('button', { name: /^Promote from/ }),
    ).toHaveLength(1);
    await userEvent.click(
      screen.getByRole('button', {
        name: 'Promote from Development to Production',
      }),
    );
    expect(
      await screen.findByRole('dialog', {
        name: 'Promote from development to production/podinfo',
      }),
    ).toBeVisible();
    expect(plan).toHaveBeenCalledWith(
      expect.objectContaining({ environment: 'production' }),
      { action: 'promote', from: 'development' },
    );
    expect(
      await screen.findByRole('button', { name: 'Promote' }),
    ).toBeVisible();
  }, 30_000);

  it('says why a deployment waits', async () => {
    renderPage(<DeploymentsTab />, {
      entity: podinfo,
      api: fakeApi({
        listEnvironments,
        listApplications: async () =>
          pageOf([
            anApplication({
              status: 'pending',
              lastDeployment: aDeployment({
                status: 'pending',
                endedAt: undefined,
                waiting: {
                  kind: 'lock',
                  message: 'Waits for run 41, which is in progress.',
                  heldBy: 'run-41',
                },
              }),
            }),
          ]),
      }),
    });
    expect(
      await screen.findByText('Waits for run 41, which is in progress.'),
    ).toBeVisible();
  });

  it('deploys what it planned, says so and leads to the run', async () => {
    const deploy = jest.fn(async () => aDeployment({ number: 42 }));
    const { toasts } = renderPage(<DeploymentsTab />, {
      entity: podinfo,
      api: fakeApi({
        listEnvironments,
        plan: async () => aPlan(),
        deploy,
      }),
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Deploy to Development' }),
    );

    await waitFor(() =>
      expect(deploy).toHaveBeenCalledWith(
        { environment: 'development', name: 'podinfo' },
        expect.objectContaining({
          action: 'deploy',
          entityRef: 'component:default/podinfo',
          planHash: '9f3c0a1b2c3d4e5f',
        }),
        { idempotencyKey: 'plan-plan-1' },
      ),
    );
    expect(toasts).toEqual([
      expect.objectContaining({
        title: 'Deployment #42 to development has started',
        links: [{ href: '/innominatus/runs/run-1', label: 'Open run 1042' }],
      }),
    ]);
  });

  it('shows the plan first where something would be deleted', async () => {
    const deploy = jest.fn();
    renderPage(<DeploymentsTab />, {
      entity: podinfo,
      api: fakeApi({
        listEnvironments,
        plan: async () =>
          aPlan({ summary: { create: 0, update: 0, keep: 0, delete: 1 } }),
        deploy,
      }),
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Deploy to Development' }),
    );

    expect(
      await screen.findByRole('dialog', {
        name: 'Plan for development/podinfo',
      }),
    ).toBeVisible();
    expect(deploy).not.toHaveBeenCalled();
  });

  it('says why a button may not be used, also to the keyboard', async () => {
    const plan = jest.fn();
    renderPage(<DeploymentsTab />, {
      entity: podinfo,
      api: fakeApi({
        plan,
        listEnvironments: async () => pageOf([anEnvironment()]),
        listApplications: async () =>
          pageOf([
            anApplication({
              allowedActions: {
                plan: { allowed: true },
                deploy: { allowed: false, reason: 'Only shop-team may.' },
                delete: { allowed: false },
              },
            }),
          ]),
      }),
    });

    const button = await screen.findByRole('button', {
      name: 'Deploy to Development. Only shop-team may.',
    });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(button).toHaveAttribute('tabindex', '0');
    await userEvent.click(button);
    expect(plan).not.toHaveBeenCalled();
  });

  it('shows what is wrong with a broken Score spec instead of the buttons', async () => {
    renderPage(<DeploymentsTab />, {
      entity: {
        ...podinfo,
        spec: { score: 'containers:\n  web:\n    imagee: nginx\n' },
      },
      api: fakeApi({
        listEnvironments,
        validateScore: async () => ({
          valid: false,
          issues: [
            {
              severity: 'error',
              code: 'SCORE_UNKNOWN_KEY',
              message: 'The key "imagee" is not known.',
              pointer: '/containers/web/imagee',
              line: 3,
              column: 5,
              suggestions: ['Did you mean "image"?'],
            },
          ],
        }),
      }),
    });

    expect(await screen.findByText('Line 3')).toBeVisible();
    expect(
      screen.getByText(/The key "imagee" is not known. Did you mean "image"\?/),
    ).toBeVisible();
    expect(await screen.findByText('Production')).toBeVisible();
    expect(
      screen.queryByRole('button', { name: /Deploy to/ }),
    ).not.toBeInTheDocument();
  });

  it('explains the first deployment', async () => {
    renderPage(<DeploymentsTab />, {
      entity: podinfo,
      api: fakeApi({ listEnvironments }),
    });

    expect(await screen.findByText('Not deployed anywhere yet')).toBeVisible();
  });

  it('offers to try again after an error, with the request id', async () => {
    const failure = Object.assign(new Error('The database is away.'), {
      code: 'BACKEND_ERROR',
      requestId: 'req-7',
    });
    const answers = jest
      .fn()
      .mockRejectedValueOnce(failure)
      .mockResolvedValue(pageOf(environments));
    renderPage(<DeploymentsTab />, {
      entity: podinfo,
      api: fakeApi({ listEnvironments: answers }),
    });

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The database is away. · Code BACKEND_ERROR · Request req-7',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Development')).toBeVisible();
  });
});
