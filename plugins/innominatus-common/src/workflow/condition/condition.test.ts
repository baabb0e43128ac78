import fc from 'fast-check';
import { JsonValue } from '../../json';
import { Scope } from '../scope';
import { evaluateCondition } from './evaluate';
import { parseCondition } from './parse';
import { ConditionSyntaxError } from './tokens';

const scope: Scope = {
  env: { ENVIRONMENT: 'production' },
  params: { replicas: 3, flags: ['a', 'b'], off: 'off', branch: 'release/1.2' },
  variables: { TRICK: 'a == b or true' },
  workflow: {
    EMPTY: '',
    ZERO: '0',
    NO: 'No',
    FALSE: 'false',
    YES: 'yes',
    V: 'v1.2',
    PATTERN: '^rel',
  },
  steps: {
    build: {
      status: 'succeeded',
      outputs: { version: '1.10', secret: { $secretRef: 'x/y' } },
    },
    'unit-tests': { status: 'failed', outputs: {} },
    scan: { status: 'skipped', outputs: {} },
  },
  resources: { db: { host: 'db.local' } },
  metadata: { name: 'shop' },
  environment: { name: 'prod', type: 'production' },
};

const value = (text: string) => evaluateCondition(text, scope).value;

describe('comparisons', () => {
  it.each([
    ['$ENVIRONMENT == production', true],
    ['"$ENVIRONMENT" == "production"', true],
    ["'$ENVIRONMENT' != 'staging'", true],
    ['${params.replicas} > 2', true],
    ['params.replicas > 10', false],
    ['${params.replicas} <= 3', true],
    ['10 > 9', true],
    ['"10" > "9"', true],
    ['1.0 == 1', true],
    ['abc < abd', true],
    ['build.version == 1.10', true],
    ['${build.version} >= 1.2', false],
    ['environment.type == production', true],
    ['resources.db != null', true],
    ['resources.cache != null', false],
    ['$MISSING == null', true],
    ['$MISSING == ""', true],
    ['"pre-${ENVIRONMENT}-post" == pre-production-post', true],
    ['$V == v1.2', true],
  ])('%s is %s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });
});

describe('text operators', () => {
  it.each([
    ['$ENVIRONMENT contains duct', true],
    ['${params.flags} contains b', true],
    ['${params.flags} contains c', false],
    ['$ENVIRONMENT.contains("prod")', true],
    ['${params.branch}.startsWith(release/)', true],
    ['"abc".endsWith("bc")', true],
    ['$branch startsWith "release"', true],
    ['$branch endsWith 1.2', true],
    ['$branch matches ^release/\\d+\\.\\d+$', true],
    ['$branch matches "^(main|release/.*)$"', true],
    ['$branch matches ^(main|release/.*)$', true],
    ['($branch matches ^(a|b)$) or false', false],
    ['$branch matches elease', true],
    ['$branch.matches("$PATTERN")', true],
    ['$branch matches $PATTERN', true],
    ['not $branch matches "^main$" and true', true],
  ])('%s is %s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it('report a pattern that a value made invalid', () => {
    const result = evaluateCondition('x matches $P', {
      ...scope,
      env: { P: '(' },
    });
    expect(result.problem).toContain(
      'The pattern "(" of "matches" cannot be used',
    );
  });
});

describe('logic', () => {
  it.each([
    ['true and false or true', true],
    ['true or false and false', true],
    ['(true or false) and false', false],
    ['not false and false', false],
    ['not (false and false)', true],
    ['!false && (true || false)', true],
    ['NOT true OR true', true],
    ['!$EMPTY', true],
    ['1 == 1 && 2 != 3', true],
    ['$ENVIRONMENT==production&&!$NO', true],
  ])('%s is %s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });
});

describe('a value alone', () => {
  it.each([
    ['$EMPTY', false],
    ['$ZERO', false],
    ['$NO', false],
    ['$FALSE', false],
    ['$off', false],
    ['$MISSING', false],
    ['$YES', true],
    ['YES', true],
    ['MISSING', false],
    ['$V', true],
    ['yes', true],
    ['off', false],
    ['1', true],
    ['0', false],
    ['"text"', true],
    ['""', false],
    ['${params.replicas}', true],
    ['build.version', true],
    ['build.secret', true],
  ])('%s is %s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });
});

describe('the status of a step', () => {
  it.each([
    ['build.success', true],
    ['build.succeeded', true],
    ['steps.build.succeeded', true],
    ['${build.success}', true],
    ['build.failed', false],
    ['unit-tests.failed', true],
    ['unit-tests.failure', true],
    ['scan.skipped', true],
    ['not scan.success', true],
    ['absent.failed', false],
  ])('%s is %s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });
});

it('values that contain operators stay values', () => {
  expect(value('$TRICK == "x"')).toBe(false);
  expect(value('$TRICK == "a == b or true"')).toBe(true);
});

it('cannot look into a secret', () => {
  expect(evaluateCondition('build.secret == "guess"', scope)).toMatchObject({
    value: false,
    problem: expect.stringContaining('cannot look into a secret'),
  });
  expect(value('build.secret != null')).toBe(true);
  expect(evaluateCondition('build.secret', scope).because).toBe(
    'build.secret is a secret',
  );
});

it('says which values decided', () => {
  expect(evaluateCondition('$ENVIRONMENT == staging', scope).because).toBe(
    '$ENVIRONMENT is "production"',
  );
  expect(evaluateCondition('$MISSING', scope).because).toBe(
    '$MISSING is not set',
  );
  expect(evaluateCondition('unit-tests.success', scope).because).toBe(
    'step "unit-tests" is failed',
  );
  expect(evaluateCondition('$V == a and $YES', scope).because).toBe(
    '$V is "v1.2"',
  );
});

describe('conditions that cannot be read', () => {
  it.each([
    ['', 'empty'],
    ['a ==', 'Expected a value at position 5 but found the end'],
    ['== a', 'Expected a value at position 1'],
    ['(a', 'not closed'],
    ['a b', '"b" at position 3 is not expected'],
    ['a = b', 'Write "==" to compare'],
    ['"a', 'The quote " at position 1 is not closed'],
    ['${a', '"${" at position 1 is not closed'],
    ['a matches "("', 'The pattern "(" of "matches" cannot be used'],
    ['a & b', '"&" at position 3'],
    ['a and', 'found the end'],
    ['a.contains(b', 'Expected ")"'],
    ['(('.repeat(200), 'nested deeper'],
    ['a'.repeat(5_000), 'characters'],
  ])('%s', (text, message) => {
    expect(() => parseCondition(text)).toThrow(ConditionSyntaxError);
    expect(() => parseCondition(text)).toThrow(message);
  });
});

function outcome(text: string, env: Record<string, JsonValue>): string {
  try {
    return typeof evaluateCondition(text, { ...scope, env }).value;
  } catch (error) {
    return (error as Error).name;
  }
}

it('never throws anything but the syntax error, whatever is written', () => {
  const fragment = fc.constantFrom(
    ...[
      'and',
      'or',
      'not',
      '(',
      ')',
      '==',
      '<',
      '!',
      '$A',
      '${A}',
      '"',
      "'",
      'matches',
      '.contains(',
    ],
    ...[
      'build.failed',
      '${',
      '}',
      '$',
      '$$',
      '[',
      '\\',
      '*',
      '^a',
      'null',
      '1',
      '__proto__',
      '&&',
      '=',
    ],
  );
  const values = fc.dictionary(
    fc.string(),
    fc.jsonValue() as fc.Arbitrary<JsonValue>,
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(fragment).map(parts => parts.join(' ')),
        fc.array(fragment).map(parts => parts.join('')),
      ),
      values,
      (text, env) => {
        expect(['boolean', 'ConditionSyntaxError']).toContain(
          outcome(text, env),
        );
      },
    ),
    { numRuns: 3_000 },
  );
});
