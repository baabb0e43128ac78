import { useEffect, useState } from 'react';

/** The time, renewed every `intervalMs`; stands still while `running` is false. */
export function useNow(intervalMs: number, running: boolean = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    if (!running) {
      return undefined;
    }
    const timer = setInterval(() => setNow(Date.now()), intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs, running]);
  return now;
}
