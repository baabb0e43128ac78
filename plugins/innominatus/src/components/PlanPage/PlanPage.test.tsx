import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InnominatusApi } from '../../api';
import {
  aDeployment,
  aPlan,
  anApplication,
  anApproval,
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

  it('says how a removal is carried out, which it only shows', async () => {
    open({ getPlan: async () => aPlan({ action: 'delete' }) });

    expect(
      await screen.findByText(/innominatus delete development\/podinfo/),
    ).toBeVisible();
    expect(
      screen.queryByRole('button', { name: /^Deploy$|Make a new plan/ }),
    ).not.toBeInTheDocument();
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
});
