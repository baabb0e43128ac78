import fc from 'fast-check';
import { JsonValue } from '../../json';
import { Scope } from '../scope';
import { evaluateCondition } from './evaluate';
import { Condition, parseCondition } from './parse';
import { findConditionReferences } from './references';
import { printCondition } from './testPrint';
import { ConditionSyntaxError } from './tokens';

const empty: Scope = {
  env: {},
  params: {},
  variables: {},
  workflow: {},
  steps: { build: { status: 'succeeded', outputs: { deep: 'x' } } },
  resources: {},
  metadata: {},
};

const withValue = (X: JsonValue, Y: JsonValue = ''): Scope => ({
  ...empty,
  env: { X, Y },
});

function deep(levels: number): JsonValue {
  let value: JsonValue = 'bottom';
  for (let i = 0; i < levels; i++) {
    value = i % 2 === 0 ? [value] : { value };
  }
  return value;
}

/** Texts that would be something else if they were read as a condition. */
const nasty = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        ...['a', ' ', '==', 'or', 'true', '${X}', '$X', '"', "'", '(', ')'],
        ...['\\', '!', '&&', '||', 'not', '<', '$$', '${', '}', '.matches('],
      ),
    )
    .map(parts => parts.join('')),
);

const bareWord = fc.constantFrom(
  ...[
    'a',
    'x-1',
    '1.5',
    '$X',
    '${X}',
    'pre-${X}.y',
    'params.size',
    'null',
    '@',
  ],
);
const operand = fc.oneof(
  bareWord.map(text => ({ text, quoted: false })),
  nasty
    .filter(text => !text.endsWith('\\') && !/\$\{/.test(text))
    .map(text => ({ text, quoted: true })),
);
const pattern = fc.constantFrom(
  '^a+$',
  'a|b',
  '(x)',
  '[)]',
  'a b',
  '"',
  '\\\\',
);

const { tree } = fc.letrec<{ tree: Condition; leaf: Condition }>(tie => ({
  leaf: fc.oneof<fc.Arbitrary<Condition>[]>(
    operand.map(value => ({ kind: 'value', operand: value })),
    fc
      .record({
        step: fc.constantFrom('build', 'unit-tests'),
        word: fc.constantFrom('success', 'failed', 'skipped'),
      })
      .map(({ step, word }) => ({
        kind: 'status',
        step,
        word,
        text: `${step}.${word}`,
      })),
    fc.record({
      kind: fc.constant('compare'),
      operator: fc.constantFrom(
        ...(['==', '!=', '<', '<=', '>', '>='] as const),
        ...(['contains', 'startsWith', 'endsWith'] as const),
      ),
      left: operand,
      right: operand,
    }),
    fc.record({
      kind: fc.constant('compare'),
      operator: fc.constant('matches'),
      left: operand,
      right: fc.oneof(
        pattern.map(text => ({ text, quoted: true })),
        bareWord.map(text => ({ text, quoted: false })),
      ),
    }),
  ),
  tree: fc.oneof(
    { maxDepth: 6 },
    tie('leaf'),
    fc.record<{ kind: 'and' | 'or'; left: Condition; right: Condition }>({
      kind: fc.constantFrom('and', 'or'),
      left: tie('tree') as fc.Arbitrary<Condition>,
      right: tie('tree') as fc.Arbitrary<Condition>,
    }),
    fc.record<{ kind: 'not'; inner: Condition }>({
      kind: fc.constant('not'),
      inner: tie('tree') as fc.Arbitrary<Condition>,
    }),
  ),
}));

/** Any other error is one of the reader. */
function read(text: string): Condition | undefined {
  try {
    return parseCondition(text);
  } catch (error) {
    if (error instanceof ConditionSyntaxError) {
      return undefined;
    }
    throw error;
  }
}

describe('reading a condition', () => {
  it('gives back the tree that was written', () => {
    fc.assert(
      fc.property(tree, condition => {
        expect(parseCondition(printCondition(condition))).toEqual(condition);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is stable for every text that can be read', () => {
    fc.assert(
      fc.property(nasty, text => {
        const condition = read(text);
        expect(condition && parseCondition(printCondition(condition))).toEqual(
          condition,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['parentheses', '('.repeat(64), ')'.repeat(64)],
    ['not', 'not '.repeat(64), ''],
    ['!', '!'.repeat(64), ''],
    ['a chain', 'a and '.repeat(600), ''],
  ])('bears the deepest nesting allowed: %s', (_what, before, after) => {
    const condition = parseCondition(`${before}a${after}`);
    expect(typeof evaluateCondition(condition, empty).value).toBe('boolean');
    expect(findConditionReferences(condition, new Set()).statuses).toEqual([]);
  });

  it.each(['(', 'not ', '!', '(!'])('refuses more of it: %s', piece => {
    expect(() => parseCondition(`${piece.repeat(500)}a`)).toThrow(
      'nested deeper than 64 levels',
    );
  });
});

describe('evaluating a condition', () => {
  it('takes any value for what it is, whatever is written in it', () => {
    fc.assert(
      fc.property(nasty, value => {
        const scope = withValue(value, value);
        const is = (text: string) => evaluateCondition(text, scope).value;
        expect(is('$X == $Y')).toBe(true);
        expect(is('"${X}" == "$Y"')).toBe(true);
        expect(is('$X != $Y')).toBe(false);
        expect(is('"<${X}>" startsWith "<"')).toBe(true);
        expect(is('$X contains $Y and $X endsWith $Y')).toBe(true);
        expect(is('$X == $Y and false')).toBe(false);
        expect(is('not ($X == $Y or false)')).toBe(false);
        expect(is('"x${X}" == "x"')).toBe(value === '');
      }),
      { numRuns: 1_000 },
    );
  });

  it('never expands what a value says', () => {
    fc.assert(
      fc.property(fc.constantFrom('${Y}', '$Y', '$$', '${', '${X}'), value => {
        const scope = withValue(value, 'expanded');
        expect(evaluateCondition('$X contains expanded', scope).value).toBe(
          false,
        );
        expect(evaluateCondition('$X', scope).because).toBe(`$X is "${value}"`);
      }),
    );
  });

  it('refuses to look into a value that is nested too deeply', () => {
    for (const levels of [65, 20_000]) {
      const scope = withValue(deep(levels), { list: deep(levels) });
      for (const text of ['$X == a', 'a != "x$X"', '$Y contains a']) {
        const result = evaluateCondition(text, scope);
        expect(result.problem ?? result.because).toContain('deep');
      }
      expect(evaluateCondition('$X and $Y', scope).value).toBe(true);
    }
    expect(evaluateCondition('$X != null', withValue(deep(64))).problem).toBe(
      undefined,
    );
  });

  it('never throws, whatever tree and values it gets', () => {
    fc.assert(
      fc.property(
        tree,
        fc.jsonValue() as fc.Arbitrary<JsonValue>,
        nasty,
        (condition, x, y) => {
          const result = evaluateCondition(condition, withValue(x, y));
          expect(typeof result.value).toBe('boolean');
          expect(result.because.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
