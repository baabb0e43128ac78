import { useApi } from '@backstage/frontend-plugin-api';
import { RunLogLine } from '@innominatus/backstage-plugin-innominatus-common';
import { useEffect, useState } from 'react';
import { InnominatusApi, innominatusApiRef } from '../api';

const FLUSH_MS = 100;
const RETRY_MS = 5_000;
const PAGE_SIZE = 200;

export interface UseRunLogsOptions {
  runId: string;
  step?: string;
  attempt?: number;
}

export interface RunLogs {
  lines: RunLogLine[];
  /** `ended`: the run has ended and every line is here. */
  state: 'loading' | 'following' | 'interrupted' | 'ended';
}

/**
 * The log of a run or of one step, line by line as it is written. Lines are
 * counted by their sequence number, so that none is missing or comes twice
 * after the stream was interrupted.
 */
export function useRunLogs(options: UseRunLogsOptions): RunLogs {
  const api = useApi(innominatusApiRef);
  const { runId, step, attempt } = options;
  const [logs, setLogs] = useState<RunLogs>({ lines: [], state: 'loading' });

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const lines: RunLogLine[] = [];
    let last = -1;
    let flushTimer: ReturnType<typeof setTimeout> | undefined;

    const publish = (state: RunLogs['state']) => {
      clearTimeout(flushTimer);
      flushTimer = undefined;
      if (!signal.aborted) {
        setLogs({ lines: [...lines], state });
      }
    };
    const accept = (line: RunLogLine) => {
      if (line.seq <= last) {
        return;
      }
      last = line.seq;
      lines.push(line);
      // A page of output arrives as many events; one render is enough.
      flushTimer ??= setTimeout(() => publish('following'), FLUSH_MS);
    };
    const query = () => ({
      step,
      attempt,
      signal,
      after: last < 0 ? undefined : last,
    });

    setLogs({ lines: [], state: 'loading' });
    const follow = async () => {
      while (!signal.aborted) {
        try {
          for await (const event of api.followRunLogs(runId, query())) {
            accept(event.data);
          }
          publish('ended');
          return;
        } catch {
          publish('interrupted');
          await readPages({ api, runId, query, accept }).catch(() => {});
          publish('interrupted');
          await delay(RETRY_MS, signal);
        }
      }
    };
    follow();
    return () => {
      controller.abort();
      clearTimeout(flushTimer);
    };
  }, [api, runId, step, attempt]);

  return logs;
}

interface ReadPagesOptions {
  api: InnominatusApi;
  runId: string;
  query: () => { after?: number; signal: AbortSignal };
  accept: (line: RunLogLine) => void;
}

/** Without a stream the lines are still there to be asked for. */
async function readPages(options: ReadPagesOptions): Promise<void> {
  const { api, runId, query, accept } = options;
  for (;;) {
    const page = await api.getRunLogs(runId, { ...query(), limit: PAGE_SIZE });
    page.items.forEach(accept);
    if (page.nextAfter === undefined || page.items.length === 0) {
      return;
    }
  }
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
