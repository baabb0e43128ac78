import { secretToken } from '@innominatus/backstage-plugin-innominatus-common';
import { z } from 'zod';
import { readBody } from './readBody';

const schema = z.strictObject({
  name: z.string(),
  parameters: z.record(z.string(), z.json()).optional(),
});

describe('readBody', () => {
  it('answers the checked body', () => {
    expect(readBody(schema, { name: 'a' })).toEqual({ name: 'a' });
  });

  it('names the field that is not right, and the one that was meant', () => {
    expect(() => readBody(schema, { name: 1 })).toThrow('The field "name"');
    expect(() => readBody(schema, { name: 'a', parameter: {} })).toThrow(
      'unknown field "parameter". Did you mean "parameters"?',
    );
  });

  it.each([
    { $secretRef: 'resource/1/password' },
    { deep: [{ $secretRef: 'resource/1/password' }] },
    `text with ${secretToken('resource/1/password')}`,
  ])('refuses a reference to a secret: %j', value => {
    expect(() =>
      readBody(schema, { name: 'a', parameters: { value } }),
    ).toThrow('refers to a secret at "/parameters/value');
  });
});
