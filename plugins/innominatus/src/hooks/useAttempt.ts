import { useState } from 'react';

/** A try to change something, as a page shows it. */
interface Attempt {
  busy: boolean;
  /** Why the last try did not work. */
  error?: Error;
  /** Never rejects. Stays busy after it worked: what it was for goes away. */
  attempt: (work: () => Promise<void>) => Promise<void>;
}

export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  return {
    busy,
    error,
    attempt: async work => {
      setBusy(true);
      setError(undefined);
      try {
        await work();
      } catch (failure) {
        setError(failure as Error);
        setBusy(false);
      }
    },
  };
}
