import { readYaml } from './readYaml';

function codes(text: string) {
  return readYaml(text).diagnostics.map(({ code }) => code);
}

describe('readYaml', () => {
  it('reads the core schema and only that', () => {
    expect(
      readYaml('a: 1\nb: [true, null, "x"]\nc: NO\nd: 2020-01-01\ne: 0600')
        .value,
    ).toEqual({ a: 1, b: [true, null, 'x'], c: 'NO', d: '2020-01-01', e: 600 });
  });

  it('says where a duplicate key is', () => {
    const { diagnostics } = readYaml('a: 1\nb:\n  c: 1\n  c: 2\n', {
      file: 'x.yaml',
    });
    expect(diagnostics).toEqual([
      {
        severity: 'error',
        code: 'YAML_DUPLICATE_KEY',
        message: 'The key "c" is written twice in the same map.',
        pointer: '/b/c',
        line: 4,
        column: 3,
        endLine: 4,
        endColumn: 4,
        source: { text: '  c: 2', caret: 2, length: 1 },
        suggestions: ['Delete one "c", or merge the two.'],
        file: 'x.yaml',
      },
    ]);
  });

  it('takes 1 and "1" for the same key', () => {
    expect(codes('1: a\n"1": b')).toEqual(['YAML_DUPLICATE_KEY']);
  });

  it.each([
    ['a: [1', 'YAML_SYNTAX'],
    ['a:\n\t- b', 'YAML_SYNTAX'],
    ['a: 1\n---\nb: 2', 'YAML_MULTIPLE_DOCUMENTS'],
    ['a: !!js/function x', 'YAML_TAG'],
    ['a: !local x', 'YAML_TAG'],
    ['a: !!binary aGk=', 'YAML_TAG'],
    ['%TAG ! tag:x,2000:\n---\na: 1', 'YAML_DIRECTIVE'],
    ['%YAML 1.1\n---\na: NO', 'YAML_DIRECTIVE'],
    ['a: &x 1\nb:\n  <<: *x', 'YAML_MERGE_KEY'],
    ['a: *nope', 'YAML_ALIAS'],
    ['a: &x\n  b: *x', 'YAML_ALIAS_CYCLE'],
    ['a: &x [*x]', 'YAML_ALIAS_CYCLE'],
    ['? [a]\n: b', 'YAML_KEY'],
    ['~: b', 'YAML_KEY'],
    ['__proto__: { polluted: true }', 'YAML_FORBIDDEN_KEY'],
    ['a: { constructor: 1 }', 'YAML_FORBIDDEN_KEY'],
    ['a: { "prototype": 1 }', 'YAML_FORBIDDEN_KEY'],
    ['a: .inf', 'YAML_NUMBER'],
    ['a: 12345678901234567890', 'YAML_NUMBER'],
    ['"""x', 'YAML_SYNTAX'],
  ])('refuses %j', (text, code) => {
    const { value, diagnostics } = readYaml(text);
    expect(value).toBeUndefined();
    expect(diagnostics[0].code).toBe(code);
    expect(diagnostics[0].suggestions).not.toEqual([]);
  });

  it('accepts tags of the core schema, anchors, a byte order mark and an end marker', () => {
    expect(
      readYaml('\ufeff%YAML 1.2\n---\na: &x !!str 1\nb: *x\n...\n').value,
    ).toEqual({ a: '1', b: '1' });
    expect(readYaml('a: 1\n---\n').value).toEqual({ a: 1 });
  });

  it.each(['', '\n\n', '# only a comment\n', '---\n', '---\n---\n'])(
    'calls %j empty',
    text => {
      expect(readYaml(text)).toMatchObject({ empty: true, diagnostics: [] });
    },
  );

  it('uses the last anchor before an alias', () => {
    expect(readYaml('a: &x 1\nb: *x\nc: &x 2\nd: *x').value).toEqual({
      a: 1,
      b: 1,
      c: 2,
      d: 2,
    });
  });

  it('refuses a text over the size limit before it reads it', () => {
    const { diagnostics } = readYaml('é'.repeat(60), {
      limits: { maxBytes: 100 },
    });
    expect(diagnostics).toMatchObject([
      { code: 'YAML_TOO_LARGE', line: 1, column: 1 },
    ]);
    expect(
      readYaml('é'.repeat(50), { limits: { maxBytes: 100 } }).diagnostics,
    ).toEqual([]);
  });

  const size = 1024 * 1024 - 1000;
  const fill = (part: string) => part.repeat(Math.floor(size / part.length));
  const laughs = ['a0: &a0 [x,x,x,x,x,x,x,x,x]'];
  for (let level = 1; level < 9; level += 1) {
    laughs.push(
      `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(',')}]`,
    );
  }
  const longText = [
    `a: &a ${'x'.repeat(500_000)}`,
    `b: &b [${Array(30).fill('*a').join(',')}]`,
    `c: [${Array(30).fill('*b').join(',')}]`,
  ];
  it.each<[string, string]>([
    ['a billion laughs', laughs.join('\n')],
    ['a long text by many aliases', longText.join('\n')],
    ['many aliases', `a: &a 1\nb: [${Array(200).fill('*a').join(',')}]`],
    ['deep lists', fill('[')],
    ['deep maps', fill('{')],
    ['deep compact lists', fill('- ')],
    ['deep explicit keys', fill('? ')],
    ['many keys', fill('a: 1\n')],
    ['many empty lists', `[${fill('[],')}]`],
    ['many documents', fill('---\n')],
    ['many directives', fill('%a\n')],
    ['many anchors', fill('&a ')],
  ])('stops at a limit: %s', (_name, text) => {
    const started = Date.now();
    const { diagnostics } = readYaml(text);
    expect(diagnostics).toMatchObject([{ code: 'YAML_LIMIT' }]);
    expect(Date.now() - started).toBeLessThan(5000);
  });

  it('reports the nesting that is one too many and allows the one before', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(codes(nested(64))).toEqual([]);
    expect(codes(nested(66))).toEqual(['YAML_LIMIT']);
  });
});
