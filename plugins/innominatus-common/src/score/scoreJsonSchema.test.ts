import Ajv2020 from 'ajv/dist/2020';
import { parse } from 'yaml';
import { FULL_SPEC, minimalSpec } from './__fixtures__/specs';
import { readScore } from './readScore';
import { scoreJsonSchema } from './scoreJsonSchema';

const validate = new Ajv2020({ strict: false }).compile(scoreJsonSchema);

describe('scoreJsonSchema', () => {
  it.each([
    FULL_SPEC,
    minimalSpec(),
    minimalSpec({ container: 'files:\n- { target: /a, content: x }' }),
  ])('accepts what is read', text => {
    expect(validate(parse(text))).toBe(true);
    expect(readScore(text).valid).toBe(true);
  });

  it.each([
    minimalSpec({ rest: 'kind: Workload' }),
    minimalSpec({ container: 'files:\n  /a: {}' }),
    minimalSpec({ container: 'files:\n  /a: { content: x, source: y }' }),
    minimalSpec({ container: 'files:\n  /a: { content: x, target: /a }' }),
    minimalSpec({ container: 'livenessProbe: {}' }),
    minimalSpec({ rest: 'resources: { A_B: { type: redis } }' }),
    'apiVersion: score.dev/v1b1\nmetadata: { name: shop }\ncontainers: {}',
  ])('refuses what is refused', text => {
    expect(validate(parse(text))).toBe(false);
    expect(readScore(text).valid).toBe(false);
  });
});
