import { FULL_SPEC } from './__fixtures__/specs';
import { topologicalLevels } from './graph';
import { readScore } from './readScore';
import {
  containerDependencies,
  resourceDependencies,
  resourceOrder,
} from './resourceOrder';
import { resourceUid } from './resourceUid';
import { Workload } from './workload';

const workload = readScore(FULL_SPEC).workload!;

function withParams(
  params: Record<string, string>,
): Pick<Workload, 'resources'> {
  return {
    resources: Object.fromEntries(
      Object.entries(params).map(([name, value]) => [
        name,
        { ...workload.resources.db, name, params: { value } },
      ]),
    ),
  };
}

describe('resource order', () => {
  it('puts a resource after those its params name', () => {
    expect(resourceDependencies(workload).route).toEqual(['db', 'dns']);
    expect(resourceOrder(workload)).toEqual([
      ['cache', 'data', 'db', 'dns'],
      ['route'],
    ]);
  });

  it('names the circle', () => {
    expect(() =>
      resourceOrder(
        withParams({
          a: 'x',
          b: '${resources.d.k}',
          c: '${resources.b.k} ${resources.a.k}',
          d: '${resources.c.k}',
        }),
      ),
    ).toThrow(
      expect.objectContaining({
        name: 'DependencyCycleError',
        message:
          'a cycle exists involving resource param placeholders: b → d → c → b',
        path: ['b', 'd', 'c', 'b'],
      }),
    );
  });

  it('finds what containers use', () => {
    expect(containerDependencies(workload)).toEqual({
      app: ['cache', 'data', 'db'],
      migrate: [],
    });
  });
});

describe('topologicalLevels', () => {
  it('ignores names that are no nodes and sorts a long chain', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [
        `n${i}`,
        i === 0 ? ['missing'] : [`n${i - 1}`],
      ]),
    );
    expect(topologicalLevels(chain).levels).toHaveLength(20_000);
  });

  it('finds a node that depends on itself', () => {
    expect(topologicalLevels({ a: [], b: ['b', 'a'] })).toEqual({
      levels: [['a']],
      cycle: ['b', 'b'],
    });
  });
});

describe('resourceUid', () => {
  it('follows workload and name, or the id of a shared resource', () => {
    const base = { workload: 'shop', name: 'db', type: 'postgres' };
    expect(resourceUid(base)).toBe('postgres.default#shop.db');
    expect(resourceUid({ ...base, class: 'big', id: 'main' })).toBe(
      'postgres.big#main',
    );
  });
});
