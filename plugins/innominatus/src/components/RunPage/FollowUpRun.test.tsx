import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router-dom';
import {
  aRun,
  aRunSummary,
  aStep,
  fakeApi,
  renderPage,
} from '../../__testUtils__';
import { InnominatusApi } from '../../api';
import { RunPage } from './RunPage';

const RETRY = {
  version: 'v1',
  kept: ['plan'],
  again: [
    {
      step: 'apply',
      type: 'kubernetes',
      effects: 'external' as const,
      startedBefore: true,
    },
  ],
  acknowledge: ['apply'],
  allowed: true,
};

const failedRun = aRun({
  status: 'failed',
  steps: [
    aStep({ name: 'plan', title: 'Plan' }),
    aStep({ name: 'apply', title: 'Apply', status: 'failed' }),
  ],
  allowedActions: {
    ...aRun().allowedActions,
    retry: { allowed: true },
    undo: { allowed: false, reason: 'It cannot be undone.' },
  },
});

function open(api: Partial<InnominatusApi>, query = '') {
  return renderPage(
    <Routes>
      <Route path="/innominatus/runs/:runId" element={<RunPage />} />
    </Routes>,
    { path: `/innominatus/runs/run-1${query}`, api: fakeApi(api) },
  );
}

jest.setTimeout(60_000);

describe('retry and undo on the run page', () => {
  it('retries after showing what runs again and asking for what is touched', async () => {
    const retryRun = jest.fn(async () => aRunSummary({ id: 'run-2' }));
    const getRun = jest.fn(async (id: string) =>
      id === 'run-2'
        ? aRun({ id, number: 1043, retryOf: { id: 'run-1', number: 1042 } })
        : failedRun,
    );
    open({ getRun, retryRun, getRetryPreview: async () => RETRY });

    await userEvent.click(await screen.findByRole('button', { name: 'Retry' }));
    const dialog = await screen.findByRole('dialog');
    const confirm = await within(dialog).findByRole('button', {
      name: 'Retry',
    });
    expect(confirm).toBeDisabled();
    expect(within(dialog).getByText('Plan')).toBeVisible();
    expect(within(dialog).getByText('Apply (started before)')).toBeVisible();
    await userEvent.click(
      within(dialog).getByRole('checkbox', {
        name: 'Apply may do its work again',
      }),
    );
    await userEvent.click(confirm);

    expect(retryRun).toHaveBeenCalledWith(
      'run-1',
      { previewVersion: 'v1', acknowledge: ['apply'] },
      { idempotencyKey: 'retry-run-1-v1' },
    );
    expect(
      await screen.findByRole('link', { name: 'Retry of run 1042' }),
    ).toHaveAttribute('href', '/innominatus/runs/run-1');
  });

  it('says why a run cannot be undone, and why the preview refuses', async () => {
    open({
      getRun: async () => failedRun,
      getRetryPreview: async () => ({
        ...RETRY,
        allowed: false,
        reason: 'Another deployment came after.',
      }),
    });
    expect(
      await screen.findByRole('button', { name: 'Undo. It cannot be undone.' }),
    ).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(
      await screen.findByText('Another deployment came after.'),
    ).toBeVisible();
    expect(screen.queryByRole('checkbox')).not.toBeInTheDocument();
  });

  it('undoes in the order that is shown, and says what stays', async () => {
    const undoRun = jest.fn(async () => aRunSummary({ id: 'run-2' }));
    const step = { type: 'simulate', effects: 'none' as const };
    open({
      getRun: async () => ({
        ...failedRun,
        allowedActions: {
          ...failedRun.allowedActions,
          undo: { allowed: true },
        },
      }),
      undoRun,
      getUndoPreview: async () => ({
        version: 'v2',
        steps: [
          {
            ...step,
            step: 'apply',
            undoable: true,
            warnings: ['ConfigMap "a" stays as it is: it was changed since.'],
          },
          {
            ...step,
            step: 'plan',
            undoable: false,
            obstacle: 'noUndo' as const,
            reason: 'It cannot.',
          },
        ],
        acknowledge: [],
        allowed: true,
      }),
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText('Plan: It cannot.')).toBeVisible();
    expect(
      within(dialog).getByRole('heading', {
        name: 'Would not be taken back as things are now',
      }),
    ).toBeVisible();
    expect(
      within(dialog).getByText(
        'Apply: ConfigMap "a" stays as it is: it was changed since.',
      ),
    ).toBeVisible();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Undo' }));
    expect(undoRun).toHaveBeenCalledWith(
      'run-1',
      { previewVersion: 'v2', acknowledge: [] },
      { idempotencyKey: 'undo-run-1-v2' },
    );
  });

  it('retries from a step and shows the preview anew when it changed', async () => {
    let version = 'v1';
    const getRetryPreview = jest.fn(async () => ({
      ...RETRY,
      version,
      acknowledge: [],
    }));
    open(
      {
        getRun: async () => failedRun,
        getRetryPreview,
        retryRun: async () => {
          version = 'v2';
          throw new Error('Look at a new preview.');
        },
      },
      '?step=apply',
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Retry from here' }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(
      await within(dialog).findByRole('button', { name: 'Retry' }),
    );
    await waitFor(() => expect(getRetryPreview).toHaveBeenCalledTimes(2));
    await waitFor(() =>
      expect(within(dialog).getByText('Look at a new preview.')).toBeVisible(),
    );
    expect(getRetryPreview).toHaveBeenLastCalledWith(
      'run-1',
      expect.objectContaining({ from: 'apply' }),
    );
  });
});
