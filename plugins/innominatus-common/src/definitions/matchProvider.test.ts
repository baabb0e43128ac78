import { findConflicts, matchProvider } from './matchProvider';
import { ProviderDefinition, ProviderResourceType } from './types';

function provider(
  name: string,
  type: Partial<Omit<ProviderResourceType, 'environments'>> & {
    type: string;
    environments?: Partial<ProviderResourceType['environments']>;
  },
): ProviderDefinition {
  const { environments, ...rest } = type;
  return {
    name,
    version: '1.0.0',
    line: 1,
    resourceTypes: [
      {
        aliases: [],
        outputs: [],
        hints: [],
        manifests: [],
        operations: { create: {}, update: {}, delete: {}, read: {} },
        ...rest,
        environments: { names: [], types: [], targets: [], ...environments },
      },
    ],
  };
}

const development = {
  name: 'development',
  type: 'development',
  target: { type: 'simulate' as const },
};

function nameOf(
  providers: ProviderDefinition[],
  resource: { type?: string; class?: string; id?: string } = {},
) {
  const result = matchProvider({
    resource: { type: 'postgres', class: 'default', ...resource },
    environment: development,
    providers,
  });
  return result.kind === 'match' ? result.provider.name : result.kind;
}

describe('matchProvider', () => {
  const any = provider('any', { type: 'postgres', aliases: ['postgresql'] });
  const byType = provider('by-type', {
    type: 'postgres',
    environments: { types: ['development'] },
  });
  const byName = provider('by-name', {
    type: 'postgres',
    environments: { names: ['development'] },
  });
  const byClass = provider('by-class', { type: 'postgres', class: 'small' });
  const byId = provider('by-id', { type: 'postgres', id: 'main' });
  const elsewhere = provider('elsewhere', {
    type: 'postgres',
    environments: { names: ['production'] },
  });

  it('prefers the more exact declaration', () => {
    const all = [any, byType, byName, byClass, byId, elsewhere];
    expect(nameOf([any])).toBe('any');
    expect(nameOf([any, byType])).toBe('by-type');
    expect(nameOf(all)).toBe('by-name');
    expect(nameOf(all, { class: 'small' })).toBe('by-class');
    expect(nameOf(all, { class: 'small', id: 'main' })).toBe('by-id');
  });

  it('knows aliases', () => {
    expect(nameOf([any], { type: 'postgresql' })).toBe('any');
  });

  it('does not decide between two that fit equally well', () => {
    expect(nameOf([any, provider('other', { type: 'postgres' })])).toBe('tie');
  });

  it('suggests the nearest type', () => {
    expect(
      matchProvider({
        resource: { type: 'postgress', class: 'default' },
        environment: development,
        providers: [any],
      }),
    ).toEqual({
      kind: 'none',
      nearest: ['postgres', 'postgresql'],
      elsewhere: [],
    });
    expect(nameOf([elsewhere])).toBe('none');
  });
});

describe('findConflicts', () => {
  it('names both providers of a tie', () => {
    const [conflict, ...rest] = findConflicts([
      provider('one', { type: 'postgres' }),
      provider('two', { type: 'postgresql', aliases: ['postgres'] }),
    ]);
    expect(rest).toEqual([]);
    expect(conflict.message).toContain("'one' and 'two'");
    expect(conflict.type).toBe('postgres');
  });

  it('sees no conflict where classes or environments keep them apart', () => {
    expect(
      findConflicts([
        provider('one', { type: 'postgres' }),
        provider('two', { type: 'postgres', class: 'small' }),
        provider('three', {
          type: 'postgres',
          environments: { types: ['development'] },
        }),
        provider('four', {
          type: 'postgres',
          environments: { types: ['production'] },
        }),
      ]),
    ).toEqual([]);
  });

  it('sees a conflict between a type and a target that can be the same environment', () => {
    expect(
      findConflicts([
        provider('one', {
          type: 'postgres',
          environments: { types: ['development'] },
        }),
        provider('two', {
          type: 'postgres',
          environments: { targets: ['simulate'] },
        }),
      ]),
    ).toHaveLength(1);
  });
});
