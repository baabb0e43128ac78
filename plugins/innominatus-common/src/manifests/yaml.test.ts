import { parseManifests, readManifests, toYaml } from './yaml';

const configMap = (data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x' },
  data,
});

describe('toYaml', () => {
  it('quotes what another reader would not take for text', () => {
    expect(
      toYaml([
        configMap({
          a: 'yes',
          b: '0644',
          c: '1:20',
          d: '0o17',
          e: '2001-12-14',
          f: '=',
          g: 'two\nlines\n',
          h: 'plain',
        }),
      ]),
    ).toBe(
      [
        'apiVersion: v1',
        'kind: ConfigMap',
        'metadata:',
        '  name: x',
        'data:',
        '  a: "yes"',
        '  b: "0644"',
        '  c: "1:20"',
        '  d: "0o17"',
        '  e: "2001-12-14"',
        '  f: "="',
        '  g: |',
        '    two',
        '    lines',
        '  h: plain',
        '',
      ].join('\n'),
    );
  });

  it('is read back unchanged', () => {
    const objects = [
      configMap({
        a: ' x ',
        b: '---',
        c: 'off',
        d: '\u0000',
        e: '1_000',
        y: 'n',
      }),
      configMap({ a: '# no comment', b: '~', c: '"', d: "it's: fine" }),
    ];
    expect(parseManifests(toYaml(objects))).toEqual(objects);
  });
});

describe('parseManifests', () => {
  it('reads octal modes as kubectl does, and leaves out empty documents', () => {
    const text =
      '# nothing\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {mode: 0644, at: 2001-12-14}\n---\n';
    expect(parseManifests(text)).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'a' },
        spec: { mode: 420, at: '2001-12-14' },
      },
    ]);
    expect(parseManifests('')).toEqual([]);
  });

  it('takes lists apart', () => {
    expect(
      readManifests({
        apiVersion: 'v1',
        kind: 'List',
        items: [configMap({}), configMap({ a: 'b' })],
      }),
    ).toHaveLength(2);
  });

  it.each([
    ['a: [', 'not YAML'],
    ['just text', 'is not an object'],
    ['metadata: {name: a}', 'no apiVersion or no kind'],
    [
      'apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}',
      'no metadata.name',
    ],
    [
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n__proto__: {a: 1}',
      '"__proto__"',
    ],
    ['a: 1\na: 2', 'not YAML'],
    [
      `a0: &a0 [1]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`)}]`).join('\n')}`,
      'cannot be read',
    ],
  ])('refuses %j', (text, message) => {
    expect(() => parseManifests(text)).toThrow(message);
  });
});
