import { useApi } from '@backstage/frontend-plugin-api';
import { ApplicationDrift } from '@innominatus/backstage-plugin-innominatus-common';
import { useCallback, useState } from 'react';
import { innominatusApiRef } from '../../api';
import { QueryResult, useQuery } from '../../hooks';

export interface DriftState {
  query: QueryResult<ApplicationDrift>;
  /** Looks now, and shows what was found. */
  check: () => Promise<void>;
  checking: boolean;
  checkError: Error | undefined;
}

/** How an application differs from what is recorded, or one of its resources. */
export function useDrift(options: {
  environment: string;
  name: string;
  /** Uid of the resource that is looked at; everything without it. */
  resource?: string;
}): DriftState {
  const { environment, name, resource } = options;
  const api = useApi(innominatusApiRef);
  const [checking, setChecking] = useState(false);
  const [checkError, setCheckError] = useState<Error>();
  const query = useQuery({
    key: `drift ${environment}/${name}`,
    load: signal => api.getApplicationDrift({ environment, name }, { signal }),
  });
  const { reload } = query;
  const check = useCallback(async () => {
    setChecking(true);
    setCheckError(undefined);
    try {
      await api.checkApplicationDrift(
        { environment, name },
        resource === undefined ? {} : { resource },
      );
      reload();
    } catch (error) {
      setCheckError(error as Error);
    }
    setChecking(false);
  }, [api, environment, name, resource, reload]);
  return { query, check, checking, checkError };
}
