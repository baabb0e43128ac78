import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DeploymentSummary } from '@innominatus/backstage-plugin-innominatus-common';
import {
  aDeployment,
  aPlan,
  aRun,
  fakeApi,
  renderPage,
} from '../../__testUtils__';
import { InnominatusApi } from '../../api';
import { RunDeployment } from './RunDeployment';

const request = {
  action: 'rollback',
  target: { deployment: 38 },
} as const;

const failed = aDeployment({
  status: 'failed',
  planId: 'plan-7',
  recovery: {
    exists: [
      {
        id: 'r-1',
        uid: 'postgres.default#podinfo.db',
        name: 'db',
        type: 'postgres',
        state: 'failed',
        error: 'no space left',
        action: 'create',
      },
    ],
    resume: { allowed: true },
    undo: { allowed: true, request },
  },
});

function open(
  deployment: DeploymentSummary,
  api: Partial<InnominatusApi> = {},
  run = aRun({ status: 'failed' }),
) {
  return renderPage(<RunDeployment run={run} />, {
    api: fakeApi({ getDeployment: async () => deployment, ...api }),
  });
}

describe('RunDeployment', () => {
  it('links the plan while the run goes on, and says who passed a freeze', async () => {
    open(
      aDeployment({
        status: 'running',
        endedAt: undefined,
        planId: 'plan-7',
        freezeOverride: { reason: 'Outage', by: 'user:default/jane' },
      }),
      {},
      aRun({ status: 'running' }),
    );

    expect(
      await screen.findByRole('link', { name: 'Plan of deployment #41' }),
    ).toHaveAttribute('href', '/innominatus/plans/plan-7');
    expect(screen.getByText(/May pass a freeze: Outage/)).toBeVisible();
    expect(screen.queryByText(/left behind/)).not.toBeInTheDocument();
  });

  it('shows nothing of a run that deploys nothing', () => {
    const getDeployment = jest.fn();
    open(failed, { getDeployment }, aRun({ deployment: undefined }));

    expect(getDeployment).not.toHaveBeenCalled();
  });

  it('lists what a failed deployment left, with the ways on', async () => {
    open(failed);

    const panel = await screen.findByRole('region', {
      name: 'What deployment #41 left behind',
    });
    expect(panel).toHaveTextContent('postgres "db"');
    expect(panel).toHaveTextContent('no space left');
    expect(within(panel).getByRole('button', { name: 'Resume' })).toBeEnabled();
    expect(panel).toHaveTextContent('Goes back to deployment #38');
    expect(panel).toHaveTextContent('Do nothing.');
  });

  it('offers the ways on only at the run that carries the deployment', async () => {
    open({ ...failed, runId: 'run-2' });

    expect(
      await screen.findByRole('link', { name: 'Plan of deployment #41' }),
    ).toBeVisible();
    expect(screen.queryByText(/left behind/)).not.toBeInTheDocument();
  });

  it('takes a deployment back exactly as its plan was shown', async () => {
    const plan = jest.fn(async () =>
      aPlan({ id: 'plan-8', hash: 'undo-hash' }),
    );
    const undoDeployment = jest.fn(async () =>
      aDeployment({ id: 'deployment-2', runId: 'run-9' }),
    );
    open(failed, { plan, undoDeployment });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Undo deployment' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Undo deployment #41?',
    });
    expect(await within(dialog).findByText('1 to create')).toBeVisible();
    expect(plan).toHaveBeenCalledWith(
      { environment: 'development', name: 'podinfo' },
      request,
      expect.anything(),
    );
    expect(undoDeployment).not.toHaveBeenCalled();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Undo deployment' }),
    );
    await waitFor(() =>
      expect(undoDeployment).toHaveBeenCalledWith(
        'deployment-1',
        { planHash: 'undo-hash' },
        { idempotencyKey: 'undo-deployment-1-plan-8' },
      ),
    );
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
  });

  it('keeps the plan in sight when the undo is refused', async () => {
    open(failed, {
      plan: async () => aPlan(),
      undoDeployment: async () =>
        Promise.reject(new Error('Another deployment came after it.')),
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Undo deployment' }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(
      await within(dialog).findByRole('button', { name: 'Undo deployment' }),
    );
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'Another deployment came after it.',
    );
    expect(within(dialog).getByText('1 to create')).toBeVisible();
  });
});
