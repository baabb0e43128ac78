import { createHash } from 'node:crypto';
import { DEFAULT_NAMESPACE, ResourceEntity } from '@backstage/catalog-model';
import {
  ANNOTATION_RESOURCE_ID,
  ApplicationSummary,
  InnominatusClient,
  Resource,
} from '@innominatus/backstage-plugin-innominatus-common';
import { readAllPages } from './pages';

const PAGE_SIZE = 200;
const LONGEST_ENTITY_NAME = 63;

/** Everything that is provisioned now, as `Resource` entities. */
export async function loadResourceEntities(
  client: InnominatusClient,
  signal: AbortSignal,
): Promise<ResourceEntity[]> {
  const applications = await readAllPages(cursor =>
    client.listApplications({ limit: PAGE_SIZE, cursor, signal }),
  );
  const resources = await readAllPages(cursor =>
    client.listResources({ limit: PAGE_SIZE, cursor, signal }),
  );
  const byKey = new Map(
    applications.map(application => [
      `${application.environment}/${application.name}`,
      application,
    ]),
  );
  return resources
    .filter(({ state }) => state !== 'terminated')
    .map(resource =>
      toEntity(
        resource,
        byKey.get(`${resource.environment}/${resource.workload}`),
      ),
    )
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

function toEntity(
  resource: Resource,
  application: ApplicationSummary | undefined,
): ResourceEntity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      namespace: DEFAULT_NAMESPACE,
      name: entityName(
        `${resource.environment}-${resource.workload}-${resource.name}`,
        resource.id,
      ),
      title: `${resource.name} of ${resource.workload} (${resource.environment})`,
      description: `${resource.type}.${resource.class} provisioned for ${resource.workload} in ${resource.environment}`,
      annotations: { [ANNOTATION_RESOURCE_ID]: resource.id },
      links: resource.hints
        .filter(({ value }) => /^https?:\/\//.test(value))
        .map(({ label, value }) => ({ url: value, title: label })),
      tags: [tag(resource.type), tag(resource.environment)],
    },
    spec: {
      type: resource.type,
      owner: application?.owner ?? 'unknown',
      dependencyOf: application?.entityRef ? [application.entityRef] : [],
    },
  };
}

/** A valid entity name; a long one is cut and kept unique by a hash of the id. */
function entityName(text: string, id: string): string {
  const name = text.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
  if (name.length <= LONGEST_ENTITY_NAME && name === text) {
    return name;
  }
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8);
  return `${name.slice(0, LONGEST_ENTITY_NAME - 9).replace(/-$/, '')}-${hash}`;
}

function tag(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9+#:-]+/g, '-')
    .slice(0, 63);
}
