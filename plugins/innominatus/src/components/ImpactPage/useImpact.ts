import { useApi } from '@backstage/frontend-plugin-api';
import {
  Impact,
  ImpactRequest,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useEffect, useRef, useState } from 'react';
import { innominatusApiRef } from '../../api';

/** Which part of the definitions is asked about. */
export type ImpactSubject = 'providers' | 'golden-paths';

const LIMIT = 200;

export type ImpactState =
  | { status: 'idle' | 'asking' }
  | { status: 'failed'; error: Error }
  | {
      status: 'ready';
      impact: Impact;
      request: ImpactRequest;
      /** The next applications are looked at. */
      asking: boolean;
      error?: Error;
    };

export interface UseImpactResult {
  state: ImpactState;
  ask: (request: ImpactRequest) => Promise<void>;
  /** Looks at more applications, for the same change. */
  more: () => Promise<void>;
}

/** Asks what a change would do; an answer to an older question is dropped. */
export function useImpact(subject: ImpactSubject): UseImpactResult {
  const api = useApi(innominatusApiRef);
  const [state, setState] = useState<ImpactState>({ status: 'idle' });
  const question = useRef<AbortController>();
  useEffect(() => () => question.current?.abort(), []);

  const call = (request: ImpactRequest): [Promise<Impact>, AbortSignal] => {
    question.current?.abort();
    const controller = new AbortController();
    question.current = controller;
    const { signal } = controller;
    const answer =
      subject === 'providers'
        ? api.previewProviders(request, { signal })
        : api.previewGoldenPaths(request, { signal });
    return [answer, signal];
  };

  const ask = async (asked: ImpactRequest) => {
    const request = { ...asked, limit: LIMIT };
    setState({ status: 'asking' });
    const [answer, signal] = call(request);
    try {
      const impact = await answer;
      if (!signal.aborted) {
        setState({ status: 'ready', impact, request, asking: false });
      }
    } catch (error) {
      if (!signal.aborted) {
        setState({ status: 'failed', error: error as Error });
      }
    }
  };

  const more = async () => {
    if (state.status !== 'ready' || state.asking) {
      return;
    }
    const { impact, request } = state;
    setState({ ...state, asking: true, error: undefined });
    const [answer, signal] = call({ ...request, cursor: impact.nextCursor });
    try {
      const next = await answer;
      if (!signal.aborted) {
        setState({
          ...state,
          asking: false,
          error: undefined,
          impact: {
            ...impact,
            items: [...impact.items, ...next.items],
            looked: impact.looked + next.looked,
            nextCursor: next.nextCursor,
          },
        });
      }
    } catch (error) {
      if (!signal.aborted) {
        setState({ ...state, asking: false, error: error as Error });
      }
    }
  };

  return { state, ask, more };
}
