import {
  ScoreReadResult,
  readScore,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useMemo } from 'react';
import { useDebounced } from '../../hooks';

/** Shorter than the pause in which a person looks up. */
const SETTLE_MS = 200;

/** A text of the editor once the typing has stopped, and what it says. */
export interface Reading extends ScoreReadResult {
  text: string;
}

/** Reads the text in the browser; no key that is pressed costs a request. */
export function useReading(text: string): Reading {
  const settled = useDebounced(text, SETTLE_MS);
  return useMemo(
    () => ({ text: settled, ...readScore(settled, { file: 'score.yaml' }) }),
    [settled],
  );
}
