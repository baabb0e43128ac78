import { Approval } from '@innominatus/backstage-plugin-innominatus-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InnominatusApi } from '../../api';
import { anApproval, fakeApi, renderPage } from '../../__testUtils__';
import { ApprovalPanel } from './ApprovalPanel';

function open(approval: Approval, api: Partial<InnominatusApi> = {}) {
  const onDecided = jest.fn();
  const page = renderPage(
    <ApprovalPanel approval={approval} onDecided={onDecided} />,
    {
      path: '/innominatus/runs/run-1',
      mountPath: '/innominatus/runs/:runId',
      api: fakeApi(api),
    },
  );
  return { ...page, onDecided };
}

jest.setTimeout(20_000);

describe('ApprovalPanel', () => {
  it('says what is asked, of whom, until when, and what was answered', async () => {
    open(anApproval());
    expect(
      await screen.findByRole('heading', {
        name: 'Approval of "Ask the team"',
      }),
    ).toBeVisible();
    expect(screen.getByText('Roll out 1.2.3?')).toBeVisible();
    expect(screen.getByText('1 of 2 given')).toBeVisible();
    expect(screen.getByText('platform-team')).toBeVisible();
    expect(screen.getByText('Expires')).toBeVisible();
    const decisions = screen.getByRole('list', { name: 'Decisions' });
    expect(decisions).toHaveTextContent('joe approved');
    expect(decisions).toHaveTextContent('The canary is fine');
  });

  it.each([
    ['Approve', 'approve'],
    ['Reject', 'reject'],
  ] as const)('lets the reader %s with a reason', async (name, decision) => {
    const decideApproval = jest.fn(async () => anApproval());
    const { toasts, onDecided } = open(anApproval(), { decideApproval });
    await userEvent.click(
      await screen.findByRole('button', { name: `${name} "Ask the team"` }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByLabelText('Reason'), ' Because ');
    await userEvent.click(within(dialog).getByRole('button', { name }));

    expect(decideApproval).toHaveBeenCalledWith('run-1~ask~1', {
      decision,
      reason: 'Because',
    });
    await waitFor(() => expect(toasts).toHaveLength(1));
    expect(onDecided).toHaveBeenCalled();
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
  });

  it('does not take a decision without the reason that is required', async () => {
    open(anApproval({ reasonRequired: true }));
    await userEvent.click(
      await screen.findByRole('button', { name: 'Approve "Ask the team"' }),
    );
    const dialog = await screen.findByRole('dialog');
    const approve = within(dialog).getByRole('button', { name: 'Approve' });
    expect(approve).toBeDisabled();
    await userEvent.type(within(dialog).getByLabelText(/Reason/), 'Tested');
    expect(approve).toBeEnabled();
  });

  it('keeps the dialog and says why when the backend refuses', async () => {
    const decideApproval = jest.fn(async () => {
      throw new Error('It was rejected in the meantime.');
    });
    open(anApproval(), { decideApproval });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Approve "Ask the team"' }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Approve' }),
    );
    expect(
      await within(dialog).findByText('It was rejected in the meantime.'),
    ).toBeVisible();
  });

  it('says why the reader may not decide', async () => {
    const no = { allowed: false, reason: 'You are not among the approvers.' };
    open(anApproval({ allowedActions: { approve: no, reject: no } }));
    expect(
      await screen.findByRole('button', {
        name: 'Approve "Ask the team". You are not among the approvers.',
      }),
    ).toHaveAttribute('aria-disabled', 'true');
    expect(screen.getByText('You are not among the approvers.')).toBeVisible();
  });

  it('has no buttons once it was decided', async () => {
    open(
      anApproval({
        state: 'approved',
        missing: 0,
        decidedAt: '2026-11-23T12:02:00.000Z',
      }),
    );
    expect(await screen.findByText('Approved')).toBeVisible();
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });

  it('explains a step that was interrupted', async () => {
    open(anApproval({ kind: 'interrupted', approvers: undefined, quorum: 1 }));
    expect(
      await screen.findByRole('heading', {
        name: 'Step "Ask the team" was interrupted',
      }),
    ).toBeVisible();
    expect(screen.getByText(/approve to run it again/)).toBeVisible();
    expect(
      screen.getByText('Everybody with the permission to approve'),
    ).toBeVisible();
  });
});
