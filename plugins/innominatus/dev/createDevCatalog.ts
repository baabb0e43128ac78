import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { CatalogApi } from '@backstage/plugin-catalog-react';

const ENTITIES: Entity[] = [
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: 'podinfo',
      namespace: 'default',
      description: 'A small web application',
    },
    spec: {
      type: 'service',
      lifecycle: 'production',
      owner: 'group:default/shop-team',
      score: { apiVersion: 'score.dev/v1b1', metadata: { name: 'podinfo' } },
    },
  },
];

/** A catalog in memory with what the pages of a component ask for. */
export function createDevCatalog(): CatalogApi {
  const byRef = (ref: string) =>
    ENTITIES.find(
      entity => stringifyEntityRef(entity) === ref.toLocaleLowerCase('en-US'),
    );
  const answers: Partial<CatalogApi> = {
    getEntityByRef: async ref =>
      byRef(typeof ref === 'string' ? ref : stringifyEntityRef(ref)),
    getEntitiesByRefs: async ({ entityRefs }) => ({
      items: entityRefs.map(byRef),
    }),
    getEntities: async () => ({ items: ENTITIES }),
    queryEntities: async () => ({
      items: ENTITIES,
      totalItems: ENTITIES.length,
      pageInfo: {},
    }),
    getEntityFacets: async () => ({ facets: {} }),
    getEntityAncestors: async ({ entityRef }) => ({
      rootEntityRef: entityRef,
      items: [],
    }),
  };
  return answers as CatalogApi;
}
