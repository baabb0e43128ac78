import {
  JsonObject,
  JsonValue,
  compareValues,
} from '@innominatus/backstage-plugin-innominatus-common';
import { maskChanges } from './maskChanges';

const SECRET = { type: 'string', writeOnly: true };

const shown = (schema: JsonObject, before: JsonValue, after: JsonValue) =>
  JSON.stringify(maskChanges(compareValues(before, after), schema));

describe('maskChanges', () => {
  it.each<[string, JsonObject, JsonValue]>([
    [
      'a property',
      { properties: { login: { properties: { password: SECRET } } } },
      { login: { password: 'hidden' } },
    ],
    [
      'a property with a dot in its name',
      { properties: { 'smtp.password': SECRET } },
      { 'smtp.password': 'hidden' },
    ],
    [
      'what any property holds',
      { additionalProperties: SECRET },
      { token: 'hidden' },
    ],
    [
      'properties by a pattern',
      { patternProperties: { '^secret': SECRET } },
      { secretKey: 'hidden' },
    ],
    [
      'items',
      { properties: { keys: { items: SECRET } } },
      { keys: ['hidden'] },
    ],
    [
      'items of a tuple',
      { properties: { keys: { prefixItems: [{}, SECRET] } } },
      { keys: ['a', 'hidden'] },
    ],
    [
      'one of several forms',
      {
        properties: { login: { anyOf: [{}, { properties: { key: SECRET } }] } },
      },
      { login: { key: 'hidden' } },
    ],
    [
      'a definition that is referred to',
      { properties: { key: { $ref: '#/$defs/key' } }, $defs: { key: SECRET } },
      { key: 'hidden' },
    ],
    [
      'all below a secret object',
      { properties: { login: { writeOnly: true } } },
      { login: { a: { b: 'hidden' } } },
    ],
  ])('hides %s', (_, schema, value) => {
    expect(shown(schema, {}, value)).not.toContain('hidden');
    expect(shown(schema, value, {})).not.toContain('hidden');
  });

  it('leaves the rest as it is', () => {
    const schema = { properties: { size: { type: 'string' }, key: SECRET } };
    expect(shown(schema, { size: 'small' }, { size: 'large' })).toContain(
      'large',
    );
  });

  it('ends with a schema that refers to itself', () => {
    const schema = {
      properties: { a: { $ref: '#' }, b: { anyOf: [{ $ref: '#' }] } },
    };
    expect(shown(schema, {}, { a: { b: { a: 'x' } } })).toContain('x');
  });
});
