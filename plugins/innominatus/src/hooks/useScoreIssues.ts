import { useApi } from '@backstage/frontend-plugin-api';
import { Diagnostic } from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusApiRef } from '../api';
import { Workload } from '../lib/workload';
import { QueryResult, useQuery } from './useQuery';

/** Not an error here: whoever deploys is asked for the image. */
const OPEN_IMAGE = 'SCORE_IMAGE_MISSING';

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
      const errors = answer.issues.filter(
        ({ severity, code }) => severity === 'error' && code !== OPEN_IMAGE,
      );
      return errors.length === 0 ? [] : answer.issues;
    },
  });
}
