import { useApi } from '@backstage/frontend-plugin-api';
import { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { useEffect, useState } from 'react';
import { innominatusApiRef } from '../api';
import { isTerminal } from '../lib/status';
import { QueryResult, useQuery } from './useQuery';

const POLL_MS = 5_000;
/** A proxy may hold the stream back without closing it. */
const SAFETY_POLL_MS = 15_000;

export type RunResult = QueryResult<Run> & {
  /** The stream of events is down; the page asks every few seconds instead. */
  polling: boolean;
};

/**
 * A run with its steps, kept up to date until it has ended. The stream says
 * that something changed, the detail is fetched again; without the stream the
 * detail is fetched every five seconds.
 */
export function useRun(runId: string): RunResult {
  const api = useApi(innominatusApiRef);
  const [polling, setPolling] = useState(false);
  const query = useQuery({
    key: runId,
    load: signal => api.getRun(runId, { signal }),
    pollMs: run => {
      if (isTerminal(run.status)) {
        return undefined;
      }
      return polling ? POLL_MS : SAFETY_POLL_MS;
    },
  });
  const { reload, data } = query;
  const live = data !== undefined && !isTerminal(data.status);

  useEffect(() => {
    if (!live) {
      return undefined;
    }
    const controller = new AbortController();
    const { signal } = controller;
    const follow = async () => {
      let version = -1;
      try {
        for await (const event of api.followRun(runId, { signal })) {
          setPolling(false);
          if (event.data && event.data.version !== version) {
            version = event.data.version;
            reload();
          }
        }
      } catch {
        // Polling takes over below.
      }
      if (!signal.aborted) {
        setPolling(true);
        reload();
      }
    };
    follow();
    return () => controller.abort();
  }, [api, runId, live, reload]);

  return { ...query, polling: polling && live };
}
