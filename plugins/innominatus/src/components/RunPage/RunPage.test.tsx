import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router-dom';
import {
  aLogLine,
  aRun,
  aRunSummary,
  aStep,
  fakeApi,
  openStream,
  pageOf,
  renderPage,
  streamOf,
  anApproval,
} from '../../__testUtils__';
import { InnominatusApi } from '../../api';
import { RunPage } from './RunPage';

function open(api: Partial<InnominatusApi>, query = '') {
  return renderPage(
    <Routes>
      <Route path="/innominatus/runs/:runId" element={<RunPage />} />
    </Routes>,
    {
      path: `/innominatus/runs/run-1${query}`,
      api: fakeApi({ followRunLogs: () => streamOf(aLogLine()), ...api }),
    },
  );
}

const error = {
  code: 'QUOTA_EXCEEDED',
  message: 'The project has no room left.',
  transient: false,
};

const failedRun = aRun({
  status: 'failed',
  failure: { step: 'provision-db', error },
  steps: [
    aStep({
      name: 'provision-db',
      title: 'Provision db',
      status: 'failed',
      attempt: 3,
      error,
      childRuns: ['run-3'],
    }),
    aStep({
      stage: 1,
      dependsOn: ['provision-db'],
      status: 'cancelled',
      attempt: 0,
      startedAt: undefined,
      endedAt: undefined,
      skipReason: '"provision-db" failed',
    }),
  ],
});

describe('RunPage', () => {
  it('says which run it is, how it went and who started it', async () => {
    open({ getRun: async () => aRun() });

    expect(
      await screen.findByRole('heading', {
        name: 'Run 1042 · deploy-app · development/podinfo',
      }),
    ).toBeVisible();
    expect(screen.getAllByText('in 2 m 03 s')[0]).toBeVisible();
    expect(screen.getByRole('link', { name: 'guest' })).toHaveAttribute(
      'href',
      '/catalog/default/user/guest',
    );
  });

  it('opens a failed run at the step that failed, with its error on top', async () => {
    const followRunLogs = jest.fn(() => streamOf(aLogLine()));
    open({ getRun: async () => failedRun, followRunLogs });

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Step "provision-db" failedThe project has no room left. (QUOTA_EXCEEDED)',
    );
    expect(screen.getByRole('heading', { name: 'Provision db' })).toBeVisible();
    await waitFor(() =>
      expect(followRunLogs).toHaveBeenLastCalledWith(
        'run-1',
        expect.objectContaining({ step: 'provision-db' }),
      ),
    );
  });

  it('shows the same steps in the table as in the graph', async () => {
    open({ getRun: async () => aRun() }, '?view=table');

    const table = await screen.findByRole('grid');
    expect(
      within(table).getByRole('link', { name: 'Simulate the rollout' }),
    ).toHaveAttribute('href', expect.stringContaining('step=simulate'));
    expect(within(table).getAllByRole('row')).toHaveLength(3);
  });

  describe('with a step for each of 100 items', () => {
    const items = Array.from({ length: 100 }, (_, i) =>
      aStep({
        name: `check-${i}`,
        title: `Check host ${i}`,
        parent: 'check',
        stage: 1,
        ...(i < 97 ? {} : { status: 'running', endedAt: undefined }),
      }),
    );
    const run = aRun({
      status: 'running',
      steps: [
        aStep(),
        aStep({
          name: 'check',
          title: 'Check hosts',
          stage: 1,
          status: 'running',
          dependsOn: ['render'],
        }),
        ...items,
      ],
    });

    it('draws them as one node that counts, and keeps it selected', async () => {
      open({ getRun: async () => run }, '?step=check-5');

      const node = await screen.findByRole(
        'link',
        { name: /^Check hosts Running 97\/100/, hidden: true },
        { timeout: 10_000 },
      );
      expect(node).toHaveAttribute('aria-current', 'true');
      expect(
        screen.queryByRole('link', { name: /^Check host 5/, hidden: true }),
      ).toBeNull();
    });

    it('lists them below the step, each with its state', async () => {
      open({ getRun: async () => run }, '?step=check');

      const heading = await screen.findByRole('heading', {
        name: 'Items, 97/100 ended',
      });
      expect(heading).toBeVisible();
      const item = screen.getByRole('link', { name: 'Check host 99' });
      expect(item).toHaveAttribute(
        'href',
        expect.stringContaining('step=check-99'),
      );
    });

    it('has every item in the table', async () => {
      open({ getRun: async () => run }, '?view=table');

      const table = await screen.findByRole('grid');
      expect(within(table).getAllByRole('row')).toHaveLength(103);
      expect(
        within(table).getByRole('row', { name: /Check hosts/ }),
      ).toHaveTextContent('97/100');
    });
  });

  it('draws every step as a link that opens it', async () => {
    open({ getRun: async () => aRun() });

    const node = await screen.findByRole(
      'link',
      { name: /^Simulate the rollout Succeeded/, hidden: true },
      { timeout: 10_000 },
    );
    await userEvent.click(node);
    expect(
      await screen.findByRole('heading', { name: 'Simulate the rollout' }),
    ).toBeVisible();
  });

  it('moves between the steps of the graph with the arrow keys', async () => {
    open({ getRun: async () => aRun() });
    const first = await screen.findByRole(
      'link',
      { name: /^Render manifests Succeeded/, hidden: true },
      { timeout: 10_000 },
    );
    act(() => first.focus());

    await userEvent.keyboard('{ArrowRight}');

    expect(
      screen.getByRole('link', {
        name: /^Simulate the rollout Succeeded/,
        hidden: true,
      }),
    ).toHaveFocus();
  });

  it('keeps the tab in the address and shows inputs and outputs of the step', async () => {
    const step = aStep({
      config: { artifact: 'manifests' },
      outputs: { token: { $secretRef: 'resource/1/token' }, objects: 4 },
    });
    open(
      { getRun: async () => aRun({ steps: [step] }) },
      '?step=render&tab=inputs',
    );

    expect(await screen.findByText('artifact')).toBeVisible();
    await userEvent.click(screen.getByRole('tab', { name: 'Outputs' }));
    expect(await screen.findByText('objects')).toBeVisible();
    expect(screen.getByText('(secret)')).toBeVisible();
    expect(screen.queryByText(/resource\/1\/token/)).not.toBeInTheDocument();
  });

  it('lists the attempts of a step with a way to the log of each', async () => {
    const [step] = failedRun.steps.filter(({ attempt }) => attempt === 3);
    open(
      {
        getRun: async () => failedRun,
        getRunStep: async () => ({
          ...step,
          attempts: [1, 2, 3].map(attempt => ({
            attempt,
            status: 'failed' as const,
            startedAt: '2026-01-01T00:00:00Z',
            error: {
              code: 'QUOTA',
              message: `quota exceeded ${attempt}`,
              transient: true,
            },
          })),
        }),
      },
      '?tab=attempts',
    );

    expect(
      await screen.findByRole('link', { name: 'Logs of attempt 1' }),
    ).toHaveAttribute('href', expect.stringContaining('attempt=1'));
    expect(screen.getByText('Attempt 3')).toBeVisible();
    expect(screen.getByText('quota exceeded 2')).toBeVisible();
  });

  it('links the runs that a step started', async () => {
    open({
      getRun: async () => failedRun,
      listRuns: async () =>
        pageOf([
          aRunSummary({
            id: 'run-3',
            number: 1043,
            title: undefined,
            workflow: 'simulate-postgres',
          }),
        ]),
    });

    expect(
      await screen.findByRole('link', { name: 'Run 1043 simulate-postgres' }),
    ).toHaveAttribute('href', '/innominatus/runs/run-3');
  });

  it('cancels a run after saying what stays behind', async () => {
    const cancelRun = jest.fn(async () => {});
    const running = aRun({
      status: 'running',
      endedAt: undefined,
      stepsDone: 1,
    });
    const { toasts } = open({ getRun: async () => running, cancelRun });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Cancel run' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('Render manifests');
    await userEvent.type(within(dialog).getByLabelText('Reason'), 'wrong tag');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Cancel run' }),
    );

    expect(cancelRun).toHaveBeenCalledWith('run-1', { reason: 'wrong tag' });
    await waitFor(() => expect(toasts).toHaveLength(1));
  });

  it('puts what people have to decide above the steps, and what they decided beside theirs', async () => {
    const waiting = aRun({
      status: 'waiting',
      endedAt: undefined,
      steps: [
        aStep({
          approval: anApproval({ state: 'approved', message: 'First?' }),
        }),
        aStep({
          name: 'ask',
          title: 'Ask the team',
          status: 'waiting',
          approval: anApproval(),
        }),
      ],
    });
    open({ getRun: async () => waiting });

    expect(
      await screen.findByRole('button', { name: 'Approve "Ask the team"' }),
    ).toBeVisible();
    expect(screen.queryByText('First?')).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('tab', { name: 'Table' }));
    await userEvent.click(
      await screen.findByRole('link', { name: 'Render manifests' }),
    );
    expect(await screen.findByText('First?')).toBeVisible();
  });

  it('pauses a run', async () => {
    const pauseRun = jest.fn(async () => {});
    const running = aRun({ status: 'running', endedAt: undefined });
    const { toasts } = open({ getRun: async () => running, pauseRun });

    await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));

    expect(pauseRun).toHaveBeenCalledWith('run-1');
    await waitFor(() => expect(toasts).toHaveLength(1));
  });

  it('lets a paused run go on', async () => {
    const resumeRun = jest.fn(async () => {});
    const paused = aRun({
      status: 'waiting',
      endedAt: undefined,
      waiting: { kind: 'paused', message: 'Jane paused the run.' },
      allowedActions: {
        cancel: { allowed: true },
        pause: { allowed: false, reason: 'It is paused.' },
        resume: { allowed: true },
        retry: { allowed: false, reason: 'It has not ended yet.' },
        undo: { allowed: false, reason: 'It has not ended yet.' },
      },
    });
    const { toasts } = open({ getRun: async () => paused, resumeRun });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Resume' }),
    );

    expect(resumeRun).toHaveBeenCalledWith('run-1');
    await waitFor(() => expect(toasts).toHaveLength(1));
  });

  it('announces changes of state to screen readers', async () => {
    const running = aRun({ status: 'running', endedAt: undefined });
    const getRun = jest
      .fn()
      .mockResolvedValueOnce(running)
      .mockResolvedValue(aRun());
    open({
      getRun,
      followRun: (_id, call) => openStream(call?.signal, aRunSummary()),
    });

    expect(await screen.findByText('Run 1042: Succeeded')).toBeInTheDocument();
  });

  it('tells when there is no such run', async () => {
    const notFound = Object.assign(new Error('There is no run "run-1".'), {
      name: 'InnominatusApiError',
      status: 404,
      code: 'NOT_FOUND',
    });
    open({ getRun: async () => Promise.reject(notFound) });

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Not foundThere is no run "run-1". · Code NOT_FOUND',
    );
  });
});
