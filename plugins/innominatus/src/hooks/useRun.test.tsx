import { TestApiProvider } from '@backstage/frontend-test-utils';
import { act, renderHook, waitFor } from '@testing-library/react';
import { PropsWithChildren } from 'react';
import { InnominatusApi, innominatusApiRef } from '../api';
import { aRun, aRunSummary, fakeApi, streamOf } from '../__testUtils__';
import { useRun } from './useRun';

function watch(api: InnominatusApi) {
  return renderHook(() => useRun('run-1'), {
    wrapper: ({ children }: PropsWithChildren<{}>) => (
      <TestApiProvider apis={[[innominatusApiRef, api]]}>
        {children}
      </TestApiProvider>
    ),
  });
}

const running = aRun({ status: 'running', endedAt: undefined });

describe('useRun', () => {
  it('fetches the run again when the stream says that it changed', async () => {
    const getRun = jest
      .fn()
      .mockResolvedValueOnce(running)
      .mockResolvedValue(aRun());
    const { result } = watch(
      fakeApi({ getRun, followRun: () => streamOf(aRunSummary()) }),
    );

    await waitFor(() => expect(result.current.data?.status).toBe('succeeded'));
    expect(result.current.polling).toBe(false);
  });

  it('does not follow a run that has ended', async () => {
    const followRun = jest.fn(() => streamOf(aRunSummary()));
    const { result } = watch(
      fakeApi({ getRun: async () => aRun(), followRun }),
    );

    await waitFor(() => expect(result.current.status).toBe('ready'));
    expect(followRun).not.toHaveBeenCalled();
  });

  it('asks every five seconds without a stream, and stops at the end', async () => {
    jest.useFakeTimers();
    try {
      const getRun = jest.fn(async () => running);
      const { result } = watch(
        fakeApi({
          getRun,
          followRun: () => {
            throw new Error('no streams here');
          },
        }),
      );
      await act(() => jest.advanceTimersByTimeAsync(100));
      expect(result.current.polling).toBe(true);

      const before = getRun.mock.calls.length;
      getRun.mockResolvedValue(aRun());
      await act(() => jest.advanceTimersByTimeAsync(5_000));
      expect(getRun.mock.calls.length).toBe(before + 1);
      expect(result.current.data?.status).toBe('succeeded');

      await act(() => jest.advanceTimersByTimeAsync(60_000));
      expect(getRun.mock.calls.length).toBe(before + 1);
      expect(result.current.polling).toBe(false);
    } finally {
      jest.useRealTimers();
    }
  });

  it('keeps what it knows when a later call fails', async () => {
    const getRun = jest
      .fn()
      .mockResolvedValueOnce(running)
      .mockRejectedValue(new Error('away'));
    const { result } = watch(
      fakeApi({ getRun, followRun: () => streamOf(aRunSummary()) }),
    );

    await waitFor(() => expect(result.current.status).toBe('error'));
    expect(result.current.data?.number).toBe(1042);
  });
});
