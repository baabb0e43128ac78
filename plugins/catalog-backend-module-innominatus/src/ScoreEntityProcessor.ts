import { ENTITY_STATUS_CATALOG_PROCESSING_TYPE } from '@backstage/catalog-client';
import { Entity } from '@backstage/catalog-model';
import { CatalogProcessor } from '@backstage/plugin-catalog-node';
import {
  ANNOTATION_WORKLOAD,
  formatDiagnostics,
  readScore,
  readScoreObject,
} from '@innominatus/backstage-plugin-innominatus-common';

type ScoreStatusItem = {
  type: string;
  level: 'error';
  message: string;
  error: { name: string; message: string };
};

/**
 * Checks `spec.score` of components.
 *
 * A sound spec gets the annotation of its workload. A broken one keeps the
 * component in the catalog, as its owner and its other facts are still true,
 * and shows the diagnostics as a processing error on the entity page. Failing
 * the processing instead would hide a component whose first spec is broken.
 */
export class ScoreEntityProcessor implements CatalogProcessor {
  getProcessorName(): string {
    return 'innominatus-score';
  }

  async postProcessEntity(entity: Entity): Promise<Entity> {
    const score = entity.kind === 'Component' ? entity.spec?.score : undefined;
    if (score === undefined) {
      return entity;
    }
    const file = 'spec.score';
    // The image may still be given when the workload is deployed.
    const options = { file, deployable: false };
    const result =
      typeof score === 'string'
        ? readScore(score, options)
        : readScoreObject(score, options);
    if (!result.workload) {
      const message = formatDiagnostics(
        result.diagnostics.filter(({ severity }) => severity === 'error'),
        { format: 'simple', file },
      );
      const item: ScoreStatusItem = {
        type: ENTITY_STATUS_CATALOG_PROCESSING_TYPE,
        level: 'error',
        message: `InputError: ${message}`,
        error: { name: 'InputError', message },
      };
      return { ...entity, status: { items: [item] } } as Entity;
    }
    return {
      ...entity,
      metadata: {
        ...entity.metadata,
        annotations: {
          ...entity.metadata.annotations,
          [ANNOTATION_WORKLOAD]: result.workload.name,
        },
      },
    };
  }
}
