import {
  ApplicationSummary,
  InnominatusClient,
  Page,
  Resource,
} from '@innominatus/backstage-plugin-innominatus-common';
import { loadResourceEntities } from './resourceEntities';

function resource(overrides: Partial<Resource>): Resource {
  return {
    id: 'r1',
    uid: 'postgres.default#podinfo.db',
    name: 'db',
    type: 'postgres',
    class: 'default',
    environment: 'development',
    workload: 'podinfo',
    shared: false,
    management: 'native',
    state: 'active',
    params: {},
    outputs: {},
    hints: [
      { type: 'url', label: 'Console', value: 'https://db.example' },
      { type: 'command', label: 'Shell', value: 'psql' },
    ],
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
    ...overrides,
  };
}

/** Answers one object per page, so that following the cursor is part of the test. */
function clientWith(
  resources: Resource[],
  applications: Partial<ApplicationSummary>[],
): InnominatusClient {
  const pageOf = <T>(items: T[], cursor: string | undefined): Page<T> => {
    const index = Number(cursor ?? 0);
    return {
      items: items.slice(index, index + 1),
      nextCursor: index + 1 < items.length ? String(index + 1) : undefined,
    };
  };
  const client = new InnominatusClient({
    baseUrl: async () => 'http://localhost/api/innominatus',
    fetch: async input => {
      const url = new URL(String(input));
      const cursor = url.searchParams.get('cursor') ?? undefined;
      const body = url.pathname.endsWith('/applications')
        ? pageOf(applications, cursor)
        : pageOf(resources, cursor);
      return new Response(JSON.stringify(body), { status: 200 });
    },
  });
  return client;
}

describe('loadResourceEntities', () => {
  const application = {
    environment: 'development',
    name: 'podinfo',
    owner: 'group:default/shop-team',
    entityRef: 'component:default/podinfo',
  };

  it('makes an entity of each resource, owned and used by its component', async () => {
    const entities = await loadResourceEntities(
      clientWith(
        [resource({}), resource({ id: 'r2', name: 'cache', type: 'redis' })],
        [application],
      ),
      new AbortController().signal,
    );
    expect(entities.map(({ metadata }) => metadata.name)).toEqual([
      'development-podinfo-cache',
      'development-podinfo-db',
    ]);
    expect(entities[1]).toMatchObject({
      kind: 'Resource',
      metadata: {
        annotations: { 'innominatus.dev/resource-id': 'r1' },
        links: [{ url: 'https://db.example', title: 'Console' }],
      },
      spec: {
        type: 'postgres',
        owner: 'group:default/shop-team',
        dependencyOf: ['component:default/podinfo'],
      },
    });
  });

  it('leaves out what is gone', async () => {
    const entities = await loadResourceEntities(
      clientWith([resource({ state: 'terminated' })], [application]),
      new AbortController().signal,
    );
    expect(entities).toEqual([]);
  });

  it('keeps names that are too long valid and apart', async () => {
    const name = 'x'.repeat(70);
    const entities = await loadResourceEntities(
      clientWith(
        [resource({ name, id: 'a' }), resource({ name, id: 'b' })],
        [application],
      ),
      new AbortController().signal,
    );
    const names = entities.map(entity => entity.metadata.name);
    expect(new Set(names).size).toBe(2);
    for (const each of names) {
      expect(each).toMatch(/^[A-Za-z0-9][A-Za-z0-9-]{0,61}[A-Za-z0-9]$/);
    }
  });
});
