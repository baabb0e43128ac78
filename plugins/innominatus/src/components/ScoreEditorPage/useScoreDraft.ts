import { useCallback, useState } from 'react';
import { SAMPLE } from './sample';

const KEY = 'innominatus.score-editor';

/** The text of the editor; it stays in this tab of the browser. */
export function useScoreDraft(): [string, (text: string) => void] {
  const [text, setText] = useState(
    () => window.sessionStorage.getItem(KEY) ?? SAMPLE,
  );
  const change = useCallback((next: string) => {
    window.sessionStorage.setItem(KEY, next);
    setText(next);
  }, []);
  return [text, change];
}
