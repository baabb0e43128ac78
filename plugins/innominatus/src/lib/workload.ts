import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { ANNOTATION_WORKLOAD } from '@innominatus/backstage-plugin-innominatus-common';

/** The workload a component describes with its Score spec. */
export interface Workload {
  /** Name of its applications, one per environment. */
  name: string;
  entityRef: string;
  score: string;
  /** Line numbers of `score` are those of the file in the repository. */
  scoreIsSource: boolean;
}

export function workloadOf(entity: Entity): Workload {
  const score = entity.spec?.score;
  const scoreIsSource = typeof score === 'string';
  return {
    name:
      entity.metadata.annotations?.[ANNOTATION_WORKLOAD] ??
      entity.metadata.name,
    entityRef: stringifyEntityRef(entity),
    // JSON is YAML; the backend reads both.
    score: scoreIsSource ? score : JSON.stringify(score ?? {}, null, 2),
    scoreIsSource,
  };
}
