import { useCallback, useEffect, useRef, useState } from 'react';

/** What a query knows; data that was there once stays through a reload. */
export type QueryState<T> =
  | { status: 'loading'; data?: undefined; error?: undefined }
  | { status: 'error'; data?: T; error: Error }
  | { status: 'ready'; data: T; error?: undefined };

export type QueryResult<T> = QueryState<T> & {
  /** Asks again; what is shown stays until the answer. */
  reload: () => void;
};

export interface UseQueryOptions<T> {
  /** A new key starts over; the same key never loads twice by itself. */
  key: string;
  load: (signal: AbortSignal) => Promise<T>;
  /** Asks again after this many milliseconds as long as it answers a number. */
  pollMs?: (data: T) => number | undefined;
}

/**
 * Loads something of the backend, and asks again while it is in motion. A
 * reload during a call waits for its answer: frequent changes must not starve
 * the page of every answer.
 */
export function useQuery<T>(options: UseQueryOptions<T>): QueryResult<T> {
  const { key } = options;
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<{ key: string; state: QueryState<T> }>({
    key,
    state: { status: 'loading' },
  });
  const latest = useRef(options);
  latest.current = options;
  const lastData = useRef<{ key: string; data: T }>();
  const call = useRef({ pending: false, again: false });

  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const current = { pending: true, again: false };
    call.current = current;

    const settle = (state: QueryState<T>) => {
      if (controller.signal.aborted) {
        return;
      }
      current.pending = false;
      setAnswer({ key, state });
      const delay =
        state.data === undefined
          ? undefined
          : latest.current.pollMs?.(state.data);
      if (current.again) {
        setAttempt(count => count + 1);
      } else if (delay !== undefined) {
        timer = setTimeout(() => setAttempt(count => count + 1), delay);
      }
    };
    latest.current.load(controller.signal).then(
      data => {
        if (!controller.signal.aborted) {
          lastData.current = { key, data };
        }
        settle({ status: 'ready', data });
      },
      (error: Error) => {
        const known = lastData.current;
        settle({
          status: 'error',
          error,
          data: known?.key === key ? known.data : undefined,
        });
      },
    );
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [key, attempt]);

  const reload = useCallback(() => {
    if (call.current.pending) {
      call.current.again = true;
    } else {
      setAttempt(count => count + 1);
    }
  }, []);
  // An answer to an older key is not an answer to this one.
  const state: QueryState<T> =
    answer.key === key ? answer.state : { status: 'loading' };
  return { ...state, reload };
}
