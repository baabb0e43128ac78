import { useCallback, useState } from 'react';
import type { DiffMode } from './LineDiff';

const KEY = 'innominatus.diff-mode';

/** How the reader likes to see changes; remembered in this browser. */
export function useDiffMode(): [DiffMode, (mode: DiffMode) => void] {
  const [mode, setMode] = useState<DiffMode>(() =>
    window.localStorage.getItem(KEY) === 'split' ? 'split' : 'unified',
  );
  const choose = useCallback((next: DiffMode) => {
    window.localStorage.setItem(KEY, next);
    setMode(next);
  }, []);
  return [mode, choose];
}
