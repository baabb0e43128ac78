import fc from 'fast-check';
import { JsonValue } from '../json';
import { interpolate, InterpolationError } from './interpolate';
import { findReferences, isTemplate, parseTemplate } from './references';
import { Scope } from './scope';
import {
  readSecretToken,
  SECRET_TOKEN_PATTERN,
  secretToken,
} from './secretToken';

const scope: Scope = {
  env: { NAME: 'from env', ONLY_ENV: 'e' },
  params: { NAME: 'from params', size: 3, list: [1, { a: 'b' }], P: 'p' },
  variables: { NAME: 'from setVariables', SET: 's', P: 'hidden' },
  workflow: {
    NAME: 'from variables',
    VAR: 'v',
    SET: 'hidden',
    object: { host: 'h', 'a.b': 'dotted' },
  },
  steps: {
    build: {
      status: 'succeeded',
      outputs: { image: 'shop:1', nested: { tag: 7 }, 'a.b': 'x' },
    },
    'unit-tests': {
      status: 'succeeded',
      outputs: { coverage: 81.5, empty: '', nothing: null },
    },
  },
  resources: {
    's3-bucket': {
      url: 's3://b',
      port: 9000,
      password: { $secretRef: 'resource/1/password' },
    },
  },
  metadata: { name: 'shop', annotations: { 'team/owner': 'a' } },
  environment: { name: 'prod', type: 'production', region: 'eu' },
  run: { id: 'r-1', number: 4 },
  app: { name: 'shop' },
};

const put = (template: JsonValue) => interpolate(template, scope, '/x');

describe('references', () => {
  it.each<[string, JsonValue]>([
    ['${workflow.VAR}', 'v'],
    ['${params.size}', 3],
    ['${steps.build.outputs.image}', 'shop:1'],
    ['${steps.build.image}', 'shop:1'],
    ['${build.image}', 'shop:1'],
    ['${build.outputs.image}', 'shop:1'],
    ['${build.nested.tag}', 7],
    ['${build.a.b}', 'x'],
    ['${unit-tests.coverage}', 81.5],
    ['${resources.s3-bucket.url}', 's3://b'],
    ['${resources.s3-bucket.outputs.port}', 9000],
    ['${metadata.name}', 'shop'],
    [
      '${environment.name}/${environment.type}/${environment.region}',
      'prod/production/eu',
    ],
    ['${run.id}#${run.number}', 'r-1#4'],
    ['${app.name}', 'shop'],
    ['${object.host}', 'h'],
    ['${params.list.1.a}', 'b'],
    ['$VAR', 'v'],
    ['$build.image', 'shop:1'],
    ['$VAR.tar.gz', 'v.tar.gz'],
    ['at $VAR.', 'at v.'],
    ['${ VAR }', 'v'],
  ])('%s becomes %j', (template, expected) => {
    expect(put(template)).toEqual(expected);
  });

  it('keep their type when they are the whole string, and become text inside text', () => {
    expect(put('${params.list}')).toEqual([1, { a: 'b' }]);
    expect(put('list: ${params.list}')).toBe('list: [1,{"a":"b"}]');
    expect(put('${params.size}x')).toBe('3x');
  });

  it('are replaced in every string leaf, and keys and other values stay', () => {
    expect(put({ a: ['$VAR', 1, true, null], $VAR: { b: '${VAR}!' } })).toEqual(
      {
        a: ['v', 1, true, null],
        $VAR: { b: 'v!' },
      },
    );
  });

  it('take a bare name from env, then parameters, then setVariables, then variables', () => {
    expect(put('$NAME')).toBe('from env');
    expect(interpolate('$NAME', { ...scope, env: {} })).toBe('from params');
    expect(interpolate('$NAME', { ...scope, env: {}, params: {} })).toBe(
      'from setVariables',
    );
    expect(
      interpolate('$NAME', { ...scope, env: {}, params: {}, variables: {} }),
    ).toBe('from variables');
    expect(put('$P $SET $ONLY_ENV')).toBe('p s e');
  });

  it('write $$ for a literal $ and leave a lone $ alone', () => {
    expect(put('$$VAR $${VAR} $$$VAR costs 5$ or $5')).toBe(
      '$VAR ${VAR} $v costs 5$ or $5',
    );
  });

  it('keep an empty text, but fail on nothing', () => {
    expect(put('${unit-tests.empty}')).toBe('');
    expect(() => put('${unit-tests.nothing}')).toThrow(InterpolationError);
  });

  it('never read the process environment or the prototype', () => {
    expect(() => put('$PATH')).toThrow(InterpolationError);
    expect(() => put('${params.constructor}')).toThrow(InterpolationError);
    expect(() => put('${__proto__.x}')).toThrow(InterpolationError);
    expect(() => put('${params.list.length}')).toThrow(InterpolationError);
  });

  it('that lead nowhere name the reference, the place and what exists', () => {
    expect(() =>
      interpolate('a ${build.imgae}', scope, '/steps/deploy/config/image'),
    ).toThrow(
      'The reference "${build.imgae}" at "/steps/deploy/config/image" has no value in the outputs of step "build". There are: "a.b", "image", "nested".',
    );
  });

  it('that are not closed are an error', () => {
    expect(() => put('${VAR')).toThrow('is not closed');
    expect(() => put('${a b}')).toThrow('is not a reference');
  });
});

describe('a single pass', () => {
  it('never expands what was put in', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, tail) => {
        fc.pre(!value.includes('__innominatus_secret_'));
        const text = tail.replace(/[${}_]/g, '');
        const result = interpolate(`\${params.v}|${text}`, {
          ...scope,
          params: { v: value },
        });
        expect(result).toBe(`${value}|${text}`);
      }),
    );
    const params = { v: '${params.w} $w $$', w: 'never' };
    expect(interpolate('${params.v}', { ...scope, params })).toBe(params.v);
    expect(interpolate('x${params.v}', { ...scope, params })).toBe(
      `x${params.v}`,
    );
  });

  it('leaves text without references as it is', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        fc.pre(!text.includes('$'));
        expect(put(text)).toBe(text);
      }),
    );
  });

  it('gives back any text whose $ is doubled', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(put(text.replace(/\$/g, '$$$$'))).toBe(text);
      }),
    );
  });
});

describe('whatever is written', () => {
  const fragment = fc.constantFrom(
    ...['$', '${', '}', '$$', '{', 'a', '.', ' ', 'params', 'steps', 'build'],
    ...['VAR', '$VAR', '${VAR}', 'outputs', '__proto__', '\n', '🙂', '0'],
  );
  const template = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(fragment, { maxLength: 30 }).map(parts => parts.join('')),
  );

  function outcome(value: JsonValue, params: Scope['params']): string {
    try {
      return typeof interpolate(value, { ...scope, params });
    } catch (error) {
      return (error as Error).name;
    }
  }

  it('throws nothing but its own error', () => {
    fc.assert(
      fc.property(template, fc.jsonValue(), (text, value) => {
        expect(['object', 'InterpolationError']).toContain(
          outcome([text, { text }], { a: value as JsonValue }),
        );
      }),
      { numRuns: 3_000 },
    );
  });

  it('cuts a text so that its pieces make it up again', () => {
    fc.assert(
      fc.property(template, text => {
        const parts = parseTemplate(text);
        const written = parts.map(part => {
          switch (part.kind) {
            case 'text':
              return part.text.replace(/\$/g, '$$$$');
            case 'reference':
              return part.reference.raw;
            default:
              return part.text;
          }
        });
        expect(parseTemplate(written.join(''))).toEqual(parts);
      }),
      { numRuns: 2_000 },
    );
  });

  it('bears values and templates of any depth', () => {
    const nest = (levels: number) => {
      let value: JsonValue = '$VAR';
      for (let i = 0; i < levels; i++) {
        value = [value];
      }
      return value;
    };
    const params = { deep: nest(20_000) };
    const putDeep = (value: JsonValue) =>
      interpolate(value, { ...scope, params }, '/x');
    expect(putDeep('${params.deep}')).toBe(params.deep);
    expect(() => putDeep('x ${params.deep}')).toThrow(
      'The value of "${params.deep}" at "/x" is nested deeper than 64 levels',
    );
    expect(() => putDeep(nest(20_000))).toThrow(InterpolationError);
    expect(JSON.stringify(putDeep(nest(64)))).toContain('"v"');
  });
});

describe('secrets', () => {
  it('pass through as references and become markers inside text', () => {
    expect(put('${resources.s3-bucket.password}')).toEqual({
      $secretRef: 'resource/1/password',
    });
    const text = put('pw=${resources.s3-bucket.password};') as string;
    expect(text).toBe(`pw=${secretToken('resource/1/password')};`);
    expect(
      text.replace(
        SECRET_TOKEN_PATTERN,
        (_all, hex: string) => `<${readSecretToken(hex)}>`,
      ),
    ).toBe('pw=<resource/1/password>;');
    expect(put('all ${resources.s3-bucket}')).toContain(
      `"password":"${secretToken('resource/1/password')}"`,
    );
  });

  it('survive encodings and any address', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), ref => {
        const token = secretToken(ref);
        expect(encodeURIComponent(token)).toBe(token);
        expect(JSON.stringify(token)).toBe(`"${token}"`);
        expect(readSecretToken(token)).toBe(ref);
      }),
    );
  });

  it('cannot be named by writing the marker', () => {
    expect(() => put(`x ${secretToken('resource/2/password')}`)).toThrow(
      'looks like a secret',
    );
  });
});

describe('finding references', () => {
  it('gives each with its pointer', () => {
    expect(
      findReferences({ a: ['$X and ${b.c}'], 'd/e': '$$not' }, '/config').map(
        found => [found.pointer, found.reference.expression],
      ),
    ).toEqual([
      ['/config/a/0', 'X'],
      ['/config/a/0', 'b.c'],
    ]);
  });

  it('tells templates from text', () => {
    expect([
      isTemplate('$X'),
      isTemplate('$$X'),
      isTemplate('5 $'),
      isTemplate('${'),
    ]).toEqual([true, false, false, true]);
    expect(parseTemplate('')).toEqual([]);
  });
});
