import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { InnominatusApi } from '../../api';
import {
  aDeployment,
  aPlan,
  anApplication,
  anApproval,
  anEnvironment,
  fakeApi,
  renderPage,
} from '../../__testUtils__';
import { PlanPage } from './PlanPage';

const notFound = Object.assign(new Error('There is no application.'), {
  status: 404,
});

function open(api: Partial<InnominatusApi>, query = '') {
  return renderPage(<PlanPage />, {
    path: `/innominatus/plans/plan-1${query}`,
    mountPath: '/innominatus/plans/:planId',
    api: fakeApi({ getPlan: async () => aPlan(), ...api }),
  });
}

describe('PlanPage', () => {
  it('shows a plan and deploys it for the component of its application', async () => {
    const deploy = jest.fn(async () => aDeployment());
    open({
      deploy,
      getApplication: async () => ({ ...anApplication(), resources: [] }),
    });

    expect(
      await screen.findByRole('heading', {
        name: 'Plan for development/podinfo',
      }),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Deploy' }));
    await waitFor(() =>
      expect(deploy).toHaveBeenCalledWith(
        expect.anything(),
        expect.objectContaining({ entityRef: 'component:default/podinfo' }),
        expect.anything(),
      ),
    );
  });

  it('deploys a first plan for the component its link names', async () => {
    open({}, '?entityRef=component:default/shop');

    expect(await screen.findByRole('button', { name: 'Deploy' })).toBeVisible();
  });

  it('deploys with the image of its link, and with the reason to pass a freeze', async () => {
    const deploy = jest.fn(async () => aDeployment());
    open(
      {
        deploy,
        getPlan: async () =>
          aPlan({
            allowedActions: {
              deploy: { allowed: true },
              overrideFreeze: { allowed: true },
            },
          }),
      },
      '?entityRef=component:default/shop&image=shop%3A1',
    );

    await userEvent.type(
      await screen.findByRole('textbox', { name: /Why now/ }),
      'Outage',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Deploy' }));
    await waitFor(() =>
      expect(deploy).toHaveBeenCalledWith(
        expect.anything(),
        expect.objectContaining({ image: 'shop:1', overrideFreeze: 'Outage' }),
        expect.anything(),
      ),
    );
  });

  it('shows a plan of nobody without a way to deploy it', async () => {
    open({ getApplication: async () => Promise.reject(notFound) });

    expect(
      await screen.findByText(/does not say which component/),
    ).toBeVisible();
    expect(
      screen.queryByRole('button', { name: 'Deploy' }),
    ).not.toBeInTheDocument();
  });

  it('refuses to deploy an expired plan but makes a new one', async () => {
    const plan = jest.fn(async () => aPlan({ id: 'plan-2' }));
    open(
      {
        plan,
        getPlan: async () => aPlan({ expiresAt: '2020-01-01T00:00:00.000Z' }),
      },
      '?entityRef=component:default/podinfo',
    );

    expect(await screen.findByText(/This plan has expired/)).toBeVisible();
    expect(
      screen.queryByRole('button', { name: 'Deploy' }),
    ).not.toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Make a new plan' }),
    );
    expect(await screen.findByRole('button', { name: 'Deploy' })).toBeVisible();
    expect(plan).toHaveBeenCalledTimes(1);
  });

  it.each([
    [
      { action: 'rollback', target: { deployment: 38 } } as const,
      'Roll back development/podinfo to #38',
      'Roll back',
    ],
    [
      { action: 'promote', from: 'staging' } as const,
      'Promote from staging to development/podinfo',
      'Promote',
    ],
  ])('carries %p out as it was planned', async (change, title, button) => {
    const deploy = jest.fn(async () => aDeployment());
    open({
      deploy,
      getPlan: async () => aPlan(change),
    });

    expect(await screen.findByRole('heading', { name: title })).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: button }));
    await waitFor(() =>
      expect(deploy).toHaveBeenCalledWith(
        { environment: 'development', name: 'podinfo' },
        { ...change, prune: undefined, planHash: aPlan().hash },
        expect.anything(),
      ),
    );
  });

  it('offers the new plan of a rollback when the old one is no longer true', async () => {
    const change = {
      action: 'rollback',
      target: { revision: 2 },
      prune: false,
    } as const;
    const plan = jest.fn(async () =>
      aPlan({ ...change, id: 'plan-2', hash: 'ffff' }),
    );
    const deploy = jest
      .fn()
      .mockRejectedValueOnce(
        Object.assign(new Error('It moved.'), { code: 'PLAN_CHANGED' }),
      )
      .mockResolvedValue(aDeployment());
    open({ plan, deploy, getPlan: async () => aPlan(change) });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Roll back' }),
    );
    expect(
      await screen.findByText('Something changed since this plan was made'),
    ).toBeVisible();
    expect(plan).toHaveBeenCalledWith(expect.anything(), change);
    await userEvent.click(screen.getByRole('button', { name: 'Roll back' }));
    await waitFor(() =>
      expect(deploy).toHaveBeenLastCalledWith(
        expect.anything(),
        { ...change, planHash: 'ffff' },
        { idempotencyKey: 'plan-plan-2' },
      ),
    );
  });

  it('asks those who have to agree, and leads to their answer', async () => {
    const { toasts } = open({
      getPlan: async () =>
        aPlan({
          action: 'promote',
          from: 'staging',
          approval: { quorum: 1, reasonRequired: false },
        }),
      deploy: async () =>
        aDeployment({ runId: undefined, approvalId: 'a-1', planId: 'plan-1' }),
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Request approval' }),
    );
    await waitFor(() =>
      expect(toasts).toEqual([
        expect.objectContaining({
          title: 'Deployment #41 to development waits for approval',
          links: [
            {
              label: 'Open the approval',
              href: '/innominatus/plans/plan-1?approval=a-1',
            },
          ],
        }),
      ]),
    );
  });

  const removal = (change: Partial<Plan> = {}) => {
    const plan = aPlan();
    return aPlan({
      action: 'delete',
      goldenPath: { name: 'undeploy-app' },
      parameters: {},
      resources: [{ ...plan.resources[0], action: 'delete' }],
      manifests: [{ ...plan.manifests[0], action: 'delete' }],
      ...change,
    });
  };

  it('says of what others manage that it stays', async () => {
    const plan = removal();
    open({
      getPlan: async () => ({
        ...plan,
        resources: [{ ...plan.resources[0], management: 'external' as const }],
      }),
      getEnvironment: async () => anEnvironment(),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Delete' }),
    );
    expect(await screen.findByRole('dialog')).toHaveTextContent(
      'postgres "db" is forgotten here; what it refers to stays as it is',
    );
  });

  it.each(['delete', 'deprovision'] as const)(
    'carries a plan to %s out after saying what goes',
    async action => {
      const deploy = jest.fn(async () => aDeployment());
      const verb = action === 'delete' ? 'Delete' : 'Deprovision';
      open({
        deploy,
        getPlan: async () => removal({ action }),
        getEnvironment: async () => anEnvironment(),
      });

      await userEvent.click(await screen.findByRole('button', { name: verb }));
      const dialog = await screen.findByRole('dialog', {
        name: `${verb} development/podinfo?`,
      });
      expect(
        within(dialog)
          .getAllByRole('listitem')
          .map(item => item.textContent),
      ).toEqual(['postgres "db" with its data', 'Deployment "podinfo"']);
      expect(deploy).not.toHaveBeenCalled();

      await userEvent.click(within(dialog).getByRole('button', { name: verb }));
      await waitFor(() =>
        expect(deploy).toHaveBeenCalledWith(
          { environment: 'development', name: 'podinfo' },
          { action, parameters: {}, planHash: aPlan().hash },
          { idempotencyKey: 'plan-plan-1' },
        ),
      );
      await waitFor(() => expect(dialog).not.toBeInTheDocument());
    },
  );

  it('keeps everything when the question is not answered with yes', async () => {
    const deploy = jest.fn();
    open({
      deploy,
      getPlan: async () => removal(),
      getEnvironment: async () => anEnvironment(),
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Delete' }),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Keep it' }),
    );
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(deploy).not.toHaveBeenCalled();
  });

  it.each([
    ['in production', async () => anEnvironment({ type: 'production' })],
    ['where it cannot be told', async () => Promise.reject(notFound)],
  ])('asks for the name %s', async (_place, getEnvironment) => {
    const deploy = jest.fn(async () => aDeployment());
    open({
      deploy,
      getEnvironment,
      getPlan: async () => removal({ goldenPath: { name: 'take-down' } }),
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Delete' }),
    );
    const dialog = await screen.findByRole('dialog');
    const field = await within(dialog).findByRole('textbox', {
      name: /Name of the application/,
    });
    const confirm = within(dialog).getByRole('button', { name: 'Delete' });
    await userEvent.type(field, 'podinf');
    expect(confirm).toBeDisabled();
    await userEvent.type(field, 'o');
    await userEvent.click(confirm);
    await waitFor(() =>
      expect(deploy).toHaveBeenCalledWith(
        expect.anything(),
        expect.objectContaining({ action: 'delete', goldenPath: 'take-down' }),
        expect.anything(),
      ),
    );
  });

  it('shows the new plan of a removal when the old one is no longer true', async () => {
    open({
      getPlan: async () => removal(),
      getEnvironment: async () => anEnvironment(),
      plan: async () => removal({ id: 'plan-2' }),
      deploy: async () =>
        Promise.reject(
          Object.assign(new Error('It moved.'), { code: 'PLAN_CHANGED' }),
        ),
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Delete' }),
    );
    const dialog = await screen.findByRole('dialog');
    const confirm = within(dialog).getByRole('button', { name: 'Delete' });
    await waitFor(() => expect(confirm).toBeEnabled());
    await userEvent.click(confirm);
    expect(
      await screen.findByText('Something changed since this plan was made'),
    ).toBeVisible();
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });

  it('leads from what a policy says to the policy, for each broken rule', async () => {
    const verdict = { name: 'production-ready', result: 'deny' } as const;
    open({
      getApplication: async () => Promise.reject(notFound),
      getPlan: async () =>
        aPlan({
          policies: [
            { ...verdict, rule: 'pinned', message: 'Pin the image.' },
            { ...verdict, rule: 'owner', message: 'Name an owner.' },
          ],
        }),
    });

    expect(await screen.findByText('Pin the image.')).toBeVisible();
    expect(screen.getByText('Name an owner.')).toBeVisible();
    for (const link of screen.getAllByRole('link', {
      name: 'Policy production-ready',
    })) {
      expect(link).toHaveAttribute(
        'href',
        '/innominatus/policies?search=production-ready',
      );
    }
  });

  it('leads from an approved plan to the run that it began', async () => {
    open(
      {
        getPlan: async () => aPlan({ action: 'promote', from: 'staging' }),
        getApproval: async () =>
          anApproval({
            kind: 'plan',
            state: 'approved',
            run: undefined,
            step: undefined,
            deployment: { id: 'deployment-1', number: 41, action: 'promote' },
          }),
        getDeployment: async () => aDeployment({ action: 'promote' }),
      },
      '?approval=plan~1',
    );

    expect(
      await screen.findByRole('link', { name: 'Open run 1042' }),
    ).toHaveAttribute('href', '/innominatus/runs/run-1');
    expect(screen.getByText('#41 promote')).toBeVisible();
    expect(
      screen.queryByRole('button', { name: 'Promote' }),
    ).not.toBeInTheDocument();
  });

  it('says what an approved deployment still waits for', async () => {
    const message =
      'Approved, but cannot be carried out yet: The environment is full.';
    open(
      {
        getPlan: async () => aPlan(),
        getApproval: async () =>
          anApproval({
            kind: 'plan',
            state: 'approved',
            run: undefined,
            step: undefined,
            deployment: { id: 'deployment-1', number: 41, action: 'deploy' },
          }),
        getDeployment: async () =>
          aDeployment({
            status: 'pending',
            runId: undefined,
            endedAt: undefined,
            waiting: { kind: 'limit', message },
          }),
        getApplication: async () => ({ ...anApplication(), resources: [] }),
      },
      '?approval=plan~1',
    );

    expect(await screen.findByText(message)).toBeVisible();
  });
});
