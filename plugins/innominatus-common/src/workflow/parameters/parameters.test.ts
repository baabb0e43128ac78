import Ajv from 'ajv';
import { JsonValue } from '../../json';
import { compileGoldenPath } from '../goldenPath';
import { parametersToJsonSchema } from './jsonSchema';
import { ParameterDefinition } from './types';
import { validateParameters } from './validateParameters';

const define = (patch: Partial<ParameterDefinition>): ParameterDefinition => ({
  name: 'x',
  type: 'string',
  required: false,
  ...patch,
});

const constraint = (patch: Partial<ParameterDefinition>, value: JsonValue) =>
  validateParameters([define(patch)], { x: value }).issues[0]?.constraint;

const value = (patch: Partial<ParameterDefinition>, given: JsonValue) =>
  validateParameters([define(patch)], { x: given }).values.x;

describe('validateParameters', () => {
  it('checks the pattern of a string anywhere, then the allowed values', () => {
    expect(constraint({ pattern: 'b+' }, 'abc')).toBeUndefined();
    expect(constraint({ pattern: '^b+$' }, 'abc')).toBe(
      "value must match pattern '^b+$'",
    );
    expect(constraint({ pattern: '(?i)^B$' }, 'b')).toBeUndefined();
    expect(constraint({ pattern: '(' }, 'b')).toContain(
      'invalid regex pattern',
    );
    expect(constraint({ allowedValues: ['a', 'b'] }, 'c')).toBe(
      'value must be one of: a, b',
    );
  });

  it('reads integers with inclusive limits', () => {
    expect(value({ type: 'int' }, '42')).toBe(42);
    expect(value({ type: 'int', min: 1, max: 3 }, 3)).toBe(3);
    expect(constraint({ type: 'int' }, '4.2')).toBe(
      'value must be a valid integer',
    );
    expect(constraint({ type: 'int' }, '0x10')).toBe(
      'value must be a valid integer',
    );
    expect(constraint({ type: 'int', min: 1 }, 0)).toBe('value must be >= 1');
    expect(constraint({ type: 'int', max: 3 }, '4')).toBe('value must be <= 3');
    expect(constraint({ type: 'int', pattern: '^9$' }, '4')).toBeUndefined();
  });

  it('reads booleans in every way they are written', () => {
    expect(
      ['TRUE', 'yes', '1', 'On'].map(v => value({ type: 'bool' }, v)),
    ).toEqual(Array(4).fill(true));
    expect(
      ['false', 'No', '0', 'off'].map(v => value({ type: 'bool' }, v)),
    ).toEqual(Array(4).fill(false));
    expect(value({ type: 'bool' }, false)).toBe(false);
    expect(constraint({ type: 'bool' }, 'maybe')).toBe(
      'value must be a boolean',
    );
  });

  it('keeps durations as they are written and checks their pattern', () => {
    expect(
      ['90m', '1h30m', '7d', '2w'].map(v => value({ type: 'duration' }, v)),
    ).toEqual(['90m', '1h30m', '7d', '2w']);
    expect(constraint({ type: 'duration' }, 'soon')).toBe(
      'invalid duration format',
    );
    expect(constraint({ type: 'duration' }, '90')).toBe(
      'invalid duration format',
    );
    expect(
      constraint({ type: 'duration', pattern: '^\\d+[dw]$' }, '2h'),
    ).toContain('pattern');
  });

  it('holds durations within their bounds, however they are written', () => {
    const bounded = {
      type: 'duration',
      min: 3_600_000,
      max: 14 * 86_400_000,
    } as const;
    expect(
      ['1h', '60m', 'PT1H', '14d', '2w'].map(v => value(bounded, v)),
    ).toEqual(['1h', '60m', 'PT1H', '14d', '2w']);
    expect(constraint(bounded, '59m')).toBe('value must be >= 1h');
    expect(constraint(bounded, '15d')).toBe('value must be <= 14d');
    expect(
      validateParameters([define(bounded)], { x: '3w' }).issues[0].suggestion,
    ).toBe('use a duration from 1h to 14d');
  });

  it('holds the length of a string within its bounds', () => {
    const type = { min: 3, max: 5 };
    expect(value(type, 'abc')).toBe('abc');
    // Two code units each, and one character for whoever counts.
    expect(value(type, '𝒶𝒷𝒸𝒹𝑒')).toBe('𝒶𝒷𝒸𝒹𝑒');
    expect(constraint(type, 'ab')).toBe(
      'value must have at least 3 characters',
    );
    expect(constraint(type, 'abcdef')).toBe(
      'value must have at most 5 characters',
    );
    expect(constraint({ ...type, pattern: '^[a-z]+$' }, 'A')).toContain(
      'pattern',
    );
    // Nothing is no text that is too short.
    expect(value(type, '')).toBe('');
  });

  it('compares enums with their case', () => {
    const type = { type: 'enum', allowedValues: ['auto', 'manual'] } as const;
    const mutable = { ...type, allowedValues: [...type.allowedValues] };
    expect(value(mutable, 'auto')).toBe('auto');
    expect(constraint(mutable, 'Auto')).toBe(
      'value must be one of: auto, manual',
    );
    expect(constraint({ type: 'enum' }, 'a')).toBe(
      'no allowed values defined for enum parameter',
    );
  });

  it('reads lists of texts, also written with commas', () => {
    const type = { type: 'list', min: 1, max: 3 } as const;
    expect(value(type, ['eu', 7])).toEqual(['eu', '7']);
    expect(value(type, ' eu, us ,')).toEqual(['eu', 'us']);
    expect(constraint(type, [])).toBe('value must have at least 1 texts');
    expect(constraint(type, 'a,b,c,d')).toBe('value must have at most 3 texts');
    for (const wrong of [{ a: 1 }, 5, true, [['a']], [null]]) {
      expect(constraint(type, wrong)).toBe('value must be a list of texts');
    }
    expect(constraint({ ...type, allowedValues: ['eu'] }, 'eu,us')).toBe(
      'each value must be one of: eu; number 2 does not',
    );
    expect(constraint({ ...type, pattern: '^[a-z]+$' }, ['A'])).toContain(
      "pattern '^[a-z]+$'; number 1 does not",
    );
    expect(constraint({ type: 'list' }, Array(1_001).fill('a'))).toBe(
      'value must have at most 1000 texts',
    );
  });

  it('says everything in one message', () => {
    const { issues } = validateParameters([define({ type: 'int', max: 3 })], {
      x: 'many',
    });
    expect(issues[0].message).toBe(
      "parameter 'x' validation failed: provided value 'many', value must be a valid integer",
    );
    expect(
      validateParameters([define({ required: true, type: 'int' })], { x: '' })
        .issues[0],
    ).toEqual({
      parameter: 'x',
      constraint: 'parameter is required',
      suggestion: "provide a value of type 'int'",
      message:
        "parameter 'x' validation failed: parameter is required. Suggestion: provide a value of type 'int'",
    });
  });

  it('never shows the value of a secret parameter', () => {
    const { issues } = validateParameters(
      [define({ secret: true, pattern: '^a$' })],
      {
        x: 'hunter2',
      },
    );
    expect(JSON.stringify(issues)).not.toContain('hunter2');
  });

  it('fills in defaults and leaves out what has none', () => {
    const definitions = [
      define({ name: 'a', type: 'int', default: 1 }),
      define({ name: 'b' }),
      define({ name: 'c', required: true, default: 'x' }),
    ];
    expect(validateParameters(definitions, {})).toEqual({
      values: { a: 1, c: 'x' },
      issues: [],
    });
    expect(validateParameters(definitions, { a: '', b: '' }).values).toEqual({
      a: 1,
      b: '',
      c: 'x',
    });
  });

  it('refuses names nobody declared unless it is told to pass them on', () => {
    const given = { size: 1, __proto__x: 'y' };
    const definitions = [define({ name: 'siz', type: 'int' })];
    expect(
      validateParameters(definitions, given).issues.map(i => i.suggestion),
    ).toEqual(["did you mean 'siz'?", 'use one of: siz']);
    expect(validateParameters(definitions, given, { unknown: 'pass' })).toEqual(
      {
        values: given,
        issues: [],
      },
    );
  });

  it('refuses values that name a secret by its address', () => {
    expect(constraint({}, '__innominatus_secret_00__')).toBe(
      'value must not look like a secret marker',
    );
    expect(
      validateParameters([], { y: { $secretRef: 'z' } }, { unknown: 'pass' })
        .issues,
    ).toHaveLength(1);
  });
});

describe('parametersToJsonSchema', () => {
  const definitions = [
    define({
      name: 'name',
      required: true,
      pattern: '^[a-z]+$',
      title: 'Name',
      description: 'd',
    }),
    define({ name: 'odd', pattern: '(?i)^a' }),
    define({ name: 'n', type: 'int', min: 1, max: 10, default: 2 }),
    define({ name: 'on', type: 'bool', default: true }),
    define({ name: 'ttl', type: 'duration', default: '2h' }),
    define({
      name: 'mode',
      type: 'enum',
      allowedValues: ['a', 'b'],
      required: true,
    }),
    define({ name: 'token', secret: true }),
    define({ name: 'zones', type: 'list', allowedValues: ['a', 'b'], min: 1 }),
  ];
  const schema = parametersToJsonSchema(definitions);

  it('describes every type for a form', () => {
    expect(schema).toMatchObject({
      type: 'object',
      required: ['name', 'mode'],
      properties: {
        name: {
          type: 'string',
          title: 'Name',
          description: 'd',
          pattern: '^[a-z]+$',
          minLength: 1,
        },
        n: { type: 'integer', minimum: 1, maximum: 10, default: 2 },
        on: { type: 'boolean', default: true },
        mode: { type: 'string', enum: ['a', 'b'] },
        token: { writeOnly: true, 'ui:widget': 'password' },
        zones: {
          type: 'array',
          items: { type: 'string', enum: ['a', 'b'] },
          minItems: 1,
          uniqueItems: true,
        },
      },
    });
    expect(schema).not.toHaveProperty('properties.odd.pattern');
  });

  it('says the bounds of lengths and of durations', () => {
    const { properties } = parametersToJsonSchema([
      define({ name: 'a', required: true, min: 2, max: 9 }),
      define({ name: 'b', min: 2, max: 9 }),
      define({
        name: 'c',
        type: 'duration',
        description: 'How long it is kept',
        min: 3_600_000,
        max: 86_400_000,
      }),
      define({ name: 'd', type: 'duration', max: 90 * 60_000 }),
    ]) as { properties: Record<string, object> };
    expect(properties.a).toMatchObject({ minLength: 2, maxLength: 9 });
    // May be left empty.
    expect(properties.b).not.toHaveProperty('minLength');
    expect(properties.c).toMatchObject({
      description: 'How long it is kept. From 1h to 1d.',
    });
    expect(properties.d).toMatchObject({ description: 'Up to 1h30m.' });
  });

  it('accepts what validateParameters accepts', () => {
    const validate = new Ajv({ strict: false }).compile(schema);
    const good = {
      name: 'shop',
      mode: 'a',
      n: 3,
      on: false,
      ttl: '1h30m',
      zones: ['b'],
    };
    expect(validate(good)).toBe(true);
    expect(validateParameters(definitions, good).issues).toEqual([]);
    for (const bad of [
      { ...good, n: 11 },
      { ...good, ttl: 'soon' },
      { ...good, mode: 'c' },
      { ...good, zones: ['c'] },
      { ...good, zones: [] },
    ]) {
      expect(validate(bad)).toBe(false);
      expect(validateParameters(definitions, bad).issues).toHaveLength(1);
    }
  });
});

describe('compileGoldenPath', () => {
  const source = (parameters: object, metadata: object = {}) => ({
    apiVersion: 'innominatus.dev/v1',
    kind: 'GoldenPath',
    metadata: { name: 'ephemeral-env', ...metadata },
    spec: {
      parameters,
      steps: [{ name: 'a', type: 'simulate', x: '${params.ttl}' }],
    },
  });

  it('gives metadata, parameters and the workflow', () => {
    const { goldenPath, diagnostics } = compileGoldenPath(
      source(
        {
          ttl: { type: 'duration', default: '2h', pattern: '^\\d+[hmd]$' },
          kind: {
            type: 'enum',
            allowed_values: ['preview', 'testing'],
            default: 'preview',
          },
          replicas: { type: 'integer', min: 1, max: 10, default: '1' },
          debug: { type: 'boolean', default: 'no' },
        },
        {
          title: 'Ephemeral',
          category: 'environment',
          tags: ['preview'],
          estimated_duration: '3 min',
          owner: 'group:a',
        },
      ),
    );
    expect(diagnostics.map(d => d.severity)).toEqual(['info', 'info']);
    expect(goldenPath).toMatchObject({
      metadata: {
        name: 'ephemeral-env',
        title: 'Ephemeral',
        category: 'environment',
        tags: ['preview'],
        estimatedDuration: '3 min',
        owner: 'group:a',
      },
      parameters: [
        { name: 'ttl', type: 'duration', default: '2h' },
        { name: 'kind', type: 'enum', allowedValues: ['preview', 'testing'] },
        { name: 'replicas', type: 'int', default: 1 },
        { name: 'debug', type: 'bool', default: false },
      ],
      workflow: { name: 'ephemeral-env', steps: [{ name: 'a' }] },
    });
  });

  it('takes parameters as a list too', () => {
    const { goldenPath } = compileGoldenPath(
      source([{ name: 'ttl', type: 'string' }]),
    );
    expect(goldenPath?.parameters).toEqual([
      { name: 'ttl', type: 'string', required: false },
    ]);
  });

  it.each([
    [{ ttl: { type: 'float' } }, "unsupported parameter type 'float'"],
    [{ ttl: { type: 'enum' } }, 'no allowed values'],
    [{ ttl: { pattern: '(' } }, 'invalid regex pattern'],
    [{ ttl: { type: 'int', default: 'x' } }, 'the default "x" is not valid'],
    [{ ttl: { type: 'int', min: 3, max: 1 } }, 'cannot be more than'],
    [{ ttl: { type: 'duration', min: 60 } }, 'must be a duration such as "1h"'],
    [{ ttl: { type: 'duration', min: '2h', max: '90m' } }, '"min" (2h) cannot'],
    [
      { ttl: { type: 'duration', max: '7d', default: '2w' } },
      'the default "2w" is not valid: value must be <= 7d',
    ],
    [{ ttl: { min: -1 } }, 'must be a whole number from 0'],
    [{ ttl: { type: 'bool', max: 1 } }, 'means nothing for the type bool'],
    [{ ttl: { typ: 'int' } }, 'The key "typ" is not known'],
    [{ '1x': {}, ttl: {} }, 'cannot be used'],
    [[{ name: 'ttl' }, { name: 'ttl' }], 'declared twice'],
    [{ ttl: { required: 'yes' } }, 'must be true or false'],
    [{ size: {} }, 'the parameter "ttl" is not declared'],
  ])('refuses %j', (parameters, message) => {
    const { goldenPath, diagnostics } = compileGoldenPath(source(parameters));
    expect(goldenPath).toBeUndefined();
    expect(diagnostics[0].message).toContain(message);
  });
});
