import fc from 'fast-check';
import { parse } from 'yaml';
import { FULL_SPEC } from './__fixtures__/specs';
import { readScore, readScoreObject } from './readScore';

const minimal = {
  apiVersion: 'score.dev/v1b1',
  metadata: { name: 'shop' },
  containers: { main: { image: 'nginx:1.27' } },
};

describe('readScoreObject', () => {
  it('gives the same workload as the text', () => {
    const { diagnostics, workload } = readScoreObject(parse(FULL_SPEC));
    expect(diagnostics).toEqual([]);
    expect(workload).toEqual(readScore(FULL_SPEC).workload);
  });

  it('places problems in the YAML of the object', () => {
    expect(
      readScoreObject({ ...minimal, kind: 'x' }, { file: 'spec.score' })
        .diagnostics,
    ).toMatchObject([
      {
        code: 'SCORE_UNKNOWN_KEY',
        pointer: '',
        line: 7,
        file: 'spec.score',
        suggestions: ['Delete "kind"; a Score spec has none.'],
      },
    ]);
  });

  it('keeps texts that look like numbers', () => {
    const variables = {
      A: '8080',
      B: 'true',
      C: '0600',
      D: 'NO',
      E: '',
      F: 'a\nb: c',
    };
    expect(
      readScoreObject({
        ...minimal,
        containers: { main: { image: 'nginx:1.27', variables } },
      }).workload?.containers.main.variables,
    ).toEqual(variables);
  });

  const cyclic: Record<string, unknown> = { ...minimal };
  cyclic.self = cyclic;
  it.each<[string, unknown, string]>([
    ['a cycle', cyclic, 'YAML_LIMIT'],
    ['a function', { ...minimal, x: () => 1 }, 'SCORE_NOT_JSON'],
    ['an absent value', undefined, 'SCORE_NOT_JSON'],
    ['a date', { ...minimal, x: new Date(0) }, 'SCORE_NOT_JSON'],
    ['a number without end', { ...minimal, x: Infinity }, 'YAML_NUMBER'],
    [
      'a prototype key',
      JSON.parse('{"metadata":{"__proto__":{}}}'),
      'YAML_FORBIDDEN_KEY',
    ],
    ['a long text', { ...minimal, x: 'x'.repeat(2_000_000) }, 'YAML_TOO_LARGE'],
    ['a wide value', Array(30_000).fill(1), 'YAML_LIMIT'],
    ['a text', 'hello', 'SCORE_NOT_A_MAP'],
    ['nothing', null, 'SCORE_EMPTY'],
  ])('refuses %s', (_name, value, code) => {
    const { valid, diagnostics } = readScoreObject(value);
    expect(valid).toBe(false);
    expect(diagnostics.map(diagnostic => diagnostic.code)).toEqual([code]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withDate: true, withMap: true }),
        value => {
          expect(readScoreObject(value).valid).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });
});
