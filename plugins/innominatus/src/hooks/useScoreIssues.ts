import { useApi } from '@backstage/frontend-plugin-api';
import { Diagnostic } from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusApiRef } from '../api';
import { Workload } from '../lib/workload';
import { QueryResult, useQuery } from './useQuery';

/** Errors of the Score spec of a workload; an empty list means it is sound. */
export function useScoreIssues(workload: Workload): QueryResult<Diagnostic[]> {
  const api = useApi(innominatusApiRef);
  return useQuery({
    key: `score ${workload.entityRef} ${workload.score}`,
    load: async signal => {
      const answer = await api.validateScore(
        { score: workload.score },
        { signal },
      );
      return answer.valid ? [] : answer.issues;
    },
  });
}
