import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InnominatusApi } from '../../api';
import { anApproval, fakeApi, pageOf, renderPage } from '../../__testUtils__';
import { ApprovalsPage } from './ApprovalsPage';

function open(api: Partial<InnominatusApi>, query = '') {
  return renderPage(<ApprovalsPage />, {
    path: `/innominatus/approvals${query}`,
    mountPath: '/innominatus/approvals',
    api: fakeApi(api),
  });
}

jest.setTimeout(20_000);

describe('ApprovalsPage', () => {
  it('lists what waits for the reader, each with a link to its step', async () => {
    const listApprovals = jest.fn(async () => pageOf([anApproval()]));
    open({ listApprovals });
    expect(
      await screen.findByRole('link', { name: 'Ask the team' }),
    ).toHaveAttribute('href', '/innominatus/runs/run-1?step=ask');
    expect(screen.getByText('Waiting for approval')).toBeVisible();
    expect(screen.getByText('1/2')).toBeVisible();
    expect(listApprovals).toHaveBeenCalledWith(
      expect.objectContaining({ approver: ['me'], cursor: undefined }),
    );
  });

  it('shows all of them on request', async () => {
    const listApprovals = jest.fn(async () =>
      pageOf([anApproval({ state: 'expired', missing: 0 })], 'more'),
    );
    open({ listApprovals });
    await userEvent.click(await screen.findByRole('tab', { name: 'All' }));
    await waitFor(() =>
      expect(listApprovals).toHaveBeenLastCalledWith(
        expect.not.objectContaining({ approver: ['me'] }),
      ),
    );
    expect(await screen.findByText('Expired')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Older' }));
    await waitFor(() =>
      expect(listApprovals).toHaveBeenLastCalledWith(
        expect.objectContaining({ cursor: 'more' }),
      ),
    );
  });

  it('says that nothing waits', async () => {
    open({ listApprovals: async () => pageOf([]) });
    expect(await screen.findByText('Nothing waits for you')).toBeVisible();
  });

  it('says what went wrong and asks again', async () => {
    const listApprovals = jest
      .fn()
      .mockRejectedValueOnce(new Error('The backend is away'))
      .mockResolvedValue(pageOf([anApproval()]));
    open({ listApprovals });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Try again' }),
    );
    expect(
      await screen.findByRole('link', { name: 'Ask the team' }),
    ).toBeVisible();
  });
});
