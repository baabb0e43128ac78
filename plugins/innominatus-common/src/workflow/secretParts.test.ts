import {
  jsonSecretAddress,
  pickSecretPart,
  readSecretAddress,
  secretLeaves,
  secretPart,
  textSecretAddress,
} from './secretParts';

const ADDRESS = jsonSecretAddress('resource/1/credentials');
const TEXT = JSON.stringify({
  'a.b': { 'x/y': 'long-enough' },
  port: 5432,
  list: ['first-of-list', null, true],
});

const pick = (...path: string[]) =>
  pickSecretPart(secretPart({ $secretRef: ADDRESS }, path)!.$secretRef, TEXT);

describe('secrets with a structure', () => {
  it('have parts with their types, whatever the keys look like', () => {
    expect(pick('port')).toBe(5432);
    expect(pick('a', 'b', 'x/y')).toBe('long-enough');
    expect(pick('list', '2')).toBe(true);
    expect(pick('list')).toEqual(['first-of-list', null, true]);
    expect(pick('list', 'length')).toBeUndefined();
    expect(pick('port', 'x')).toBeUndefined();
    expect(pick('__proto__')).toBeUndefined();
  });

  it('tell where the whole is kept', () => {
    const part = secretPart({ $secretRef: ADDRESS }, ['a.b', 'x/y']);
    expect(readSecretAddress(part!.$secretRef)).toEqual({
      stored: ADDRESS,
      isJson: true,
      path: ['a.b', 'x/y'],
    });
  });

  it('are told apart from texts, also by an output that is named like one', () => {
    const address = textSecretAddress('run/1/step/x#json');
    expect(readSecretAddress(address)).toEqual({
      stored: address,
      isJson: false,
      path: [],
    });
    expect(secretPart({ $secretRef: address }, ['x'])).toBeUndefined();
    expect(pickSecretPart(address, '{"x":1}')).toBe('{"x":1}');
    expect(secretLeaves(address, '{"x":"long-enough"}')).toEqual([]);
  });

  it('show what of them can turn up elsewhere, under the address of the part', () => {
    const leaves = secretLeaves(ADDRESS, TEXT);
    expect(leaves.map(({ text }) => text)).toEqual([
      'long-enough',
      'first-of-list',
    ]);
    for (const { address, text } of leaves) {
      expect(pickSecretPart(address, TEXT)).toBe(text);
    }
  });
});
