import fc from 'fast-check';
import {
  createPlaceholderResolver,
  escapePlaceholders,
  findPlaceholders,
  substitute,
  substituteDeep,
} from './placeholders';

const resolve = createPlaceholderResolver({
  metadata: {
    name: 'shop',
    annotations: { 'example.com/team': 'blue' },
    labels: { b: 2, a: 1 },
    replicas: 3,
  },
  resources: {
    db: { host: 'db.local', port: 5432, nested: { user: 'app' } },
    lazy: path => `looked up ${path.join('/')}`,
  },
});

describe('substitute', () => {
  it.each([
    ['plain', 'plain'],
    ['${metadata.name}', 'shop'],
    ['${resources.db.host}:${resources.db.port}', 'db.local:5432'],
    ['${resources.db.nested.user}', 'app'],
    ['${resources.db}', 'db'],
    ['${resources.lazy.a.b}', 'looked up a/b'],
    ['${metadata.annotations.example\\.com/team}', 'blue'],
    ['${metadata.labels}', '{"a":1,"b":2}'],
    ['${metadata.replicas}', '3'],
    ['$${metadata.name}', '${metadata.name}'],
    ['$$${metadata.name}', '$shop'],
    ['$$$${metadata.name}', '$${metadata.name}'],
    ['cost: 5$$', 'cost: 5$'],
    ['$HOME $(NAME) $', '$HOME $(NAME) $'],
    ['${unclosed', '${unclosed'],
    ['$${unclosed', '${unclosed'],
  ])('makes %s into %s', (input, output) => {
    expect(substitute(input, resolve)).toBe(output);
  });

  it.each([
    [
      '${env.HOME}',
      "invalid ref 'env.HOME': unknown reference root, use $$ to escape the substitution",
    ],
    [
      '${metadata}',
      "invalid ref 'metadata': requires at least a metadata key to lookup",
    ],
    [
      '${resources}',
      "invalid ref 'resources': requires at least a resource name to lookup",
    ],
    ['${metadata.nope}', "invalid ref 'metadata.nope': key 'nope' not found"],
    [
      '${metadata.name.first}',
      "invalid ref 'metadata.name.first': cannot lookup key 'first', context is not a map",
    ],
    ['${resources.x.y}', "invalid ref 'resources.x.y': no known resource 'x'"],
    [
      '${resources.db.constructor}',
      "invalid ref 'resources.db.constructor': key 'constructor' not found",
    ],
  ])('refuses %s', (input, message) => {
    expect(() => substitute(input, resolve)).toThrow(
      expect.objectContaining({ name: 'PlaceholderError', message }),
    );
  });

  it('does not look at values again', () => {
    expect(substitute('${x}', () => '${y} $$')).toBe('${y} $$');
  });

  it('gives back any text that was escaped', () => {
    const textWithDollars = fc.string({
      unit: fc.constantFrom('$', '{', '}', 'a', '.', '\\', '\n'),
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), textWithDollars), text => {
        const unused = () => {
          throw new Error('there is no placeholder');
        };
        expect(substitute(escapePlaceholders(text), unused)).toBe(text);
      }),
    );
  });

  it('agrees with the expression of the reference implementation', () => {
    const expression = /\$((?:\$?\{([^}]*)\})|\$)/g;
    const text = fc.string({
      unit: fc.constantFrom('$', '{', '}', 'a', '\n'),
      maxLength: 30,
    });
    fc.assert(
      fc.property(text, input => {
        const expected = input.replace(expression, (_, escaped, ref) =>
          escaped.startsWith('$') ? escaped : `<${ref}>`,
        );
        expect(substitute(input, ref => `<${ref}>`)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes linear time on braces that stay open', () => {
    const started = Date.now();
    const text = '${'.repeat(500_000);
    expect(substitute(text, resolve)).toBe(text);
    expect(Date.now() - started).toBeLessThan(1000);
  });
});

describe('substituteDeep', () => {
  it('replaces in every string and leaves keys and other values', () => {
    expect(
      substituteDeep(
        { '${k}': ['${metadata.name}', 1, null, { a: true }] },
        resolve,
      ),
    ).toEqual({ '${k}': ['shop', 1, null, { a: true }] });
  });
});

describe('findPlaceholders', () => {
  it('gives place and parts, and leaves escapes out', () => {
    expect(findPlaceholders('a $${x.y} ${m.a\\.b}')).toEqual([
      {
        raw: '${m.a\\.b}',
        ref: 'm.a\\.b',
        parts: ['m', 'a.b'],
        start: 10,
        end: 19,
      },
    ]);
  });
});
