import { RunLogLine } from '@innominatus/backstage-plugin-innominatus-common';
import { useMemo, useState } from 'react';
import { stripAnsi } from '../../lib/ansi';

export interface LogSearch {
  text: string;
  setText: (text: string) => void;
  /** Sequence numbers of the lines that match. */
  matches: number[];
  /** Position in `matches`; -1 when nothing matches. */
  position: number;
  /** Sequence number of the match the reader is at. */
  current?: number;
  move: (by: 1 | -1) => void;
}

/** Finds lines by a part of their text, regardless of upper and lower case. */
export function useLogSearch(lines: RunLogLine[]): LogSearch {
  const [text, setText] = useState('');
  const [position, setPosition] = useState(0);
  const needle = text.trim().toLowerCase();
  const matches = useMemo(
    () =>
      needle
        ? lines
            .filter(line => stripAnsi(line.text).toLowerCase().includes(needle))
            .map(line => line.seq)
        : [],
    [lines, needle],
  );
  const at = matches.length === 0 ? -1 : position % matches.length;
  return {
    text,
    setText: next => {
      setText(next);
      setPosition(0);
    },
    matches,
    position: at,
    current: matches[at],
    move: by => setPosition((at + by + matches.length) % matches.length || 0),
  };
}
