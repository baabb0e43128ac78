import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InnominatusApi } from '../../api';
import {
  aGoldenPath,
  aRunSummary,
  anEnvironment,
  fakeApi,
  pageOf,
  renderPage,
} from '../../__testUtils__';
import { RunsPage } from './RunsPage';

function open(api: Partial<InnominatusApi>, query = '') {
  return renderPage(<RunsPage />, {
    path: `/innominatus/runs${query}`,
    mountPath: '/innominatus/runs',
    api: fakeApi({
      listEnvironments: async () => pageOf([anEnvironment()]),
      listGoldenPaths: async () => pageOf([aGoldenPath()]),
      ...api,
    }),
  });
}

describe('RunsPage', () => {
  it('lists runs with a link, their state and what went wrong', async () => {
    open({
      listRuns: async () =>
        pageOf([
          aRunSummary(),
          aRunSummary({
            id: 'run-2',
            number: 1041,
            status: 'failed',
            failure: {
              step: 'apply',
              error: {
                code: 'DENIED',
                message: 'Not allowed.\nDetails',
                transient: false,
              },
            },
          }),
        ]),
    });

    expect(
      await screen.findByRole('link', { name: 'Run 1042' }),
    ).toHaveAttribute('href', '/innominatus/runs/run-1');
    expect(screen.getByText('apply: Not allowed.')).toBeVisible();
  });

  it('shows which runs wait for an approval, and for what', async () => {
    const approval = {
      id: 'run-1~ask~1',
      step: 'ask',
      kind: 'approval',
      quorum: 1,
      missing: 1,
      allowRequester: false,
      reasonRequired: false,
      decisions: [],
    } as const;
    const message = 'Step "ask" waits for an approval.';
    open({
      listRuns: async () =>
        pageOf([
          aRunSummary({
            status: 'waiting',
            waiting: {
              kind: 'approval',
              message,
              approval: { ...approval, decisions: [] },
            },
          }),
        ]),
    });
    expect(await screen.findByText('Waiting for approval')).toBeVisible();
    expect(screen.getByText(message)).toBeVisible();
  });

  it('reads the filters and the place in the list from the address', async () => {
    const listRuns = jest.fn(async () => pageOf([aRunSummary()]));
    open(
      { listRuns },
      '?status=failed,running,nonsense&environment=staging&cursor=abc',
    );

    await waitFor(() =>
      expect(listRuns).toHaveBeenCalledWith(
        expect.objectContaining({
          status: ['failed', 'running'],
          environment: ['staging'],
          goldenPath: [],
          cursor: 'abc',
        }),
      ),
    );
  });

  it('starts at the newest runs again when a filter changes', async () => {
    const listRuns = jest.fn(async () => pageOf([aRunSummary()]));
    open({ listRuns }, '?cursor=abc');

    await userEvent.click(
      await screen.findByRole('button', { name: /Status/ }),
    );
    await userEvent.click(
      await screen.findByRole('option', { name: 'Failed' }),
    );

    await waitFor(() =>
      expect(listRuns).toHaveBeenLastCalledWith(
        expect.objectContaining({ status: ['failed'], cursor: undefined }),
      ),
    );
  });

  it('goes to older runs and back', async () => {
    const listRuns = jest.fn(async (options?: { cursor?: string }) =>
      options?.cursor
        ? pageOf([aRunSummary({ id: 'run-9', number: 9 })])
        : pageOf([aRunSummary()], 'next'),
    );
    open({ listRuns });

    await userEvent.click(await screen.findByRole('button', { name: 'Older' }));
    expect(await screen.findByRole('link', { name: 'Run 9' })).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Newest' }));
    expect(await screen.findByRole('link', { name: 'Run 1042' })).toBeVisible();
  });

  it('teaches where runs come from when there are none', async () => {
    open({});

    expect(await screen.findByText('No runs yet')).toBeVisible();
    expect(
      screen.getByRole('link', { name: 'Browse golden paths' }),
    ).toHaveAttribute('href', '/innominatus/golden-paths');
  });

  it('clears filters that match nothing', async () => {
    const listRuns = jest.fn(async (options?: { status?: string[] }) =>
      options?.status?.length ? pageOf([]) : pageOf([aRunSummary()]),
    );
    open({ listRuns }, '?status=failed');

    expect(await screen.findByText('No run matches the filters')).toBeVisible();
    await userEvent.click(
      screen.getAllByRole('button', { name: 'Clear filters' })[0],
    );
    expect(await screen.findByRole('link', { name: 'Run 1042' })).toBeVisible();
  });

  it('says so when a person may not see runs', async () => {
    const denied = Object.assign(new Error('Permission denied.'), {
      name: 'InnominatusApiError',
      status: 403,
      code: 'NOT_ALLOWED',
    });
    open({ listRuns: async () => Promise.reject(denied) });

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'You may not see thisPermission denied. Ask the owner',
    );
  });
});
