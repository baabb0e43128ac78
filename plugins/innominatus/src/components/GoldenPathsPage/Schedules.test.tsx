import { Schedule } from '@innominatus/backstage-plugin-innominatus-common';
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { aRunSummary, fakeApi, pageOf, renderPage } from '../../__testUtils__';
import { GoldenPathsPage } from './GoldenPathsPage';

const yes = { allowed: true };

function aSchedule(change: Partial<Schedule> = {}): Schedule {
  return {
    name: 'db-lifecycle',
    kind: 'GoldenPath',
    title: 'Look after a database',
    cron: '0 3 * * *',
    timezone: 'Europe/Zurich',
    parameters: {},
    enabled: true,
    concurrencyPolicy: 'skip',
    startingDeadline: 'PT600S',
    nextTimes: ['2099-01-01T02:00:00.000Z'],
    last: {
      at: '2026-01-01T02:00:00.000Z',
      outcome: 'skipped',
      message: 'Run 1042 was still in progress.',
    },
    lastRun: { id: 'run-1', number: 1042, status: 'running' },
    allowedActions: {
      pause: yes,
      resume: { allowed: false, reason: 'It is not paused.' },
      trigger: yes,
    },
    ...change,
  };
}

const rowOf = async (name: RegExp) => screen.findByRole('row', { name });

describe('Schedules', () => {
  it('show when they come next and what came of the last time', async () => {
    renderPage(<GoldenPathsPage />, {
      api: fakeApi({
        listSchedules: async () =>
          pageOf([
            aSchedule(),
            aSchedule({
              name: 'held',
              title: 'Held back',
              nextTimes: [],
              paused: { by: 'user:default/guest', at: '2026-01-01T00:00:00Z' },
            }),
            aSchedule({
              name: 'off',
              title: 'Off',
              enabled: false,
              nextTimes: [],
              last: undefined,
              lastRun: undefined,
            }),
          ]),
      }),
    });

    const row = await rowOf(/Look after a database/);
    expect(row).toHaveTextContent('0 3 * * *');
    expect(row).toHaveTextContent('Europe/Zurich');
    expect(row).toHaveTextContent('1 Jan 2099');
    expect(row).toHaveTextContent('Left out');
    expect(row).toHaveTextContent('Run 1042 was still in progress.');
    expect(within(row).getByRole('link', { name: 'Run 1042' })).toHaveAttribute(
      'href',
      expect.stringContaining('run-1'),
    );
    expect(await rowOf(/Held back/)).toHaveTextContent('Paused by');
    expect(await rowOf(/Off/)).toHaveTextContent('Switched off in its file');
  });

  it('are paused, resumed and started now from the keyboard', async () => {
    const calls: string[] = [];
    let isPaused = false;
    const now = () =>
      aSchedule(
        isPaused
          ? {
              paused: { by: 'user:default/guest', at: '2026-01-01T00:00:00Z' },
              allowedActions: { pause: yes, resume: yes, trigger: yes },
            }
          : {},
      );
    const { toasts } = renderPage(<GoldenPathsPage />, {
      api: fakeApi({
        listSchedules: async () => pageOf([now()]),
        pauseSchedule: async name => {
          calls.push(`pause ${name}`);
          isPaused = true;
          return now();
        },
        resumeSchedule: async name => {
          calls.push(`resume ${name}`);
          isPaused = false;
          return now();
        },
        triggerSchedule: async name => {
          calls.push(`trigger ${name}`);
          return aRunSummary({ number: 7 });
        },
      }),
    });
    const press = async (name: string) => {
      const button = await screen.findByRole('button', { name });
      act(() => button.focus());
      await userEvent.keyboard('{Enter}');
    };
    await press('Run now: Look after a database');
    await press('Pause Look after a database');
    await press('Resume Look after a database');
    await screen.findByRole('button', { name: 'Pause Look after a database' });
    expect(calls).toEqual([
      'trigger db-lifecycle',
      'pause db-lifecycle',
      'resume db-lifecycle',
    ]);
    expect(toasts).toContainEqual(
      expect.objectContaining({ title: 'Run 7 was started' }),
    );
  });

  it('say why a button does not work, and what went wrong', async () => {
    const { toasts } = renderPage(<GoldenPathsPage />, {
      api: fakeApi({
        listSchedules: async () =>
          pageOf([
            aSchedule({
              allowedActions: {
                pause: { allowed: false, reason: 'Ask platform-team.' },
                resume: yes,
                trigger: yes,
              },
            }),
          ]),
        triggerSchedule: async () => {
          throw new Error('Too many runs wait.');
        },
      }),
    });

    expect(
      await screen.findByRole('button', {
        name: 'Pause Look after a database. Ask platform-team.',
      }),
    ).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(
      screen.getByRole('button', { name: 'Run now: Look after a database' }),
    );
    expect(toasts).toEqual([
      expect.objectContaining({
        status: 'danger',
        description: 'Too many runs wait.',
      }),
    ]);
  });
});
