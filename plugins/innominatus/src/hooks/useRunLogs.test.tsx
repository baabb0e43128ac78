import { TestApiProvider } from '@backstage/frontend-test-utils';
import { renderHook, waitFor } from '@testing-library/react';
import { PropsWithChildren } from 'react';
import { InnominatusApi, innominatusApiRef } from '../api';
import { aLogLine, fakeApi, openStream, streamOf } from '../__testUtils__';
import { useRunLogs } from './useRunLogs';

const line = (seq: number) => aLogLine({ seq, text: `line ${seq}` });

async function* brokenStream(...seqs: number[]) {
  yield* streamOf(...seqs.map(line));
  throw new Error('The connection was reset.');
}

function follow(api: InnominatusApi, options: { step?: string } = {}) {
  return renderHook(() => useRunLogs({ runId: 'run-1', ...options }), {
    wrapper: ({ children }: PropsWithChildren<{}>) => (
      <TestApiProvider apis={[[innominatusApiRef, api]]}>
        {children}
      </TestApiProvider>
    ),
  });
}

describe('useRunLogs', () => {
  it('collects lines as they are written until the run has ended', async () => {
    const { result } = follow(
      fakeApi({ followRunLogs: () => streamOf(line(1), line(2)) }),
    );

    await waitFor(() => expect(result.current.state).toBe('ended'));
    expect(result.current.lines.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('asks for one step only when told so', async () => {
    const followRunLogs = jest.fn(() => streamOf(line(1)));
    follow(fakeApi({ followRunLogs }), { step: 'render' });

    await waitFor(() =>
      expect(followRunLogs).toHaveBeenCalledWith(
        'run-1',
        expect.objectContaining({ step: 'render' }),
      ),
    );
  });

  it('loses no line and shows none twice when the stream breaks', async () => {
    const getRunLogs = jest.fn(async () => ({
      items: [line(2), line(3)],
    }));
    const { result } = follow(
      fakeApi({ followRunLogs: () => brokenStream(1, 2), getRunLogs }),
    );

    await waitFor(() => expect(result.current.lines).toHaveLength(3));
    expect(result.current.lines.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(result.current.state).toBe('interrupted');
    expect(getRunLogs).toHaveBeenCalledWith(
      'run-1',
      expect.objectContaining({ after: 2 }),
    );
  });

  it('connects again after the last line it has', async () => {
    jest.useFakeTimers();
    try {
      const followRunLogs = jest
        .fn()
        .mockImplementationOnce(() => brokenStream(1))
        .mockImplementation(() => streamOf(line(2)));
      const { result } = follow(
        fakeApi({ followRunLogs, getRunLogs: async () => ({ items: [] }) }),
      );

      await waitFor(() => expect(result.current.state).toBe('ended'), {
        timeout: 20_000,
      });
      expect(result.current.lines.map(({ seq }) => seq)).toEqual([1, 2]);
      expect(followRunLogs).toHaveBeenLastCalledWith(
        'run-1',
        expect.objectContaining({ after: 1 }),
      );
    } finally {
      jest.useRealTimers();
    }
  });

  it('stops the stream when the reader leaves', async () => {
    let signal: AbortSignal | undefined;
    const { unmount } = follow(
      fakeApi({
        followRunLogs: (_id, options) => {
          signal = options?.signal;
          return openStream(options?.signal, line(1));
        },
      }),
    );

    await waitFor(() => expect(signal).toBeDefined());
    unmount();
    expect(signal?.aborted).toBe(true);
  });
});
