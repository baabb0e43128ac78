import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InnominatusApi } from '../../api';
import {
  aDeployment,
  aPlan,
  anApplication,
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
});
