import {
  applyOverrideProperty,
  mergeOverrides,
  parseDotPath,
  setPath,
} from './overrides';

describe('parseDotPath', () => {
  it('cuts at dots that are not escaped', () => {
    expect(parseDotPath('a.b\\.c.0')).toEqual(['a', 'b.c', '0']);
    expect(parseDotPath('a\\\\.b')).toEqual(['a\\', 'b']);
  });
});

describe('mergeOverrides', () => {
  it('merges maps, replaces lists, deletes with null and keeps the original', () => {
    const document = { a: { b: 1, c: [1, 2] }, d: 'x' };
    expect(mergeOverrides(document, { a: { c: [3], e: 2 }, d: null })).toEqual({
      a: { b: 1, c: [3], e: 2 },
    });
    expect(document).toEqual({ a: { b: 1, c: [1, 2] }, d: 'x' });
  });

  it('removes nulls inside maps that are new', () => {
    expect(mergeOverrides({}, { a: { b: null, c: 1 } })).toEqual({
      a: { c: 1 },
    });
  });

  it('refuses keys that reach into prototypes', () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":true}}');
    expect(() => mergeOverrides({}, hostile)).toThrow(
      'the key "__proto__" is not allowed',
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('setPath', () => {
  it('appends a map to a list', () => {
    expect(setPath({ a: [] }, ['a', '-1', 'b'], 1)).toEqual({ a: [{ b: 1 }] });
  });

  it.each([
    [['a', 'x'], "a: failed to parse 'x' as array index"],
    [['a', '5'], "a: cannot set '5' in array: out of range"],
    [
      ['a', '0', 'b'],
      "a: 0: cannot set 'b': the value there is neither a map nor an array",
    ],
    [['constructor', 'x'], 'the key "constructor" is not allowed'],
    [[], 'the path has no parts'],
  ])('refuses %j', (path, message) => {
    expect(() => setPath({ a: [1] }, path, 2)).toThrow(message);
  });

  it('refuses to delete what a list does not have', () => {
    expect(() => setPath({ a: [1] }, ['a', '-1'], undefined)).toThrow(
      "a: cannot set '-1' in array: out of range",
    );
  });
});

describe('applyOverrideProperty', () => {
  const document = { containers: { main: { image: '.', args: ['a'] } } };

  it('reads the value as YAML', () => {
    expect(
      applyOverrideProperty(document, 'containers.main.image=nginx:1.27'),
    ).toEqual({ containers: { main: { image: 'nginx:1.27', args: ['a'] } } });
    expect(applyOverrideProperty({}, 'service.ports.web={"port": 80}')).toEqual(
      { service: { ports: { web: { port: 80 } } } },
    );
    expect(applyOverrideProperty({}, 'a="8080"')).toEqual({ a: '8080' });
    expect(applyOverrideProperty({}, 'a=b=c')).toEqual({ a: 'b=c' });
  });

  it('deletes when there is no value', () => {
    expect(applyOverrideProperty(document, 'containers.main.args=')).toEqual({
      containers: { main: { image: '.' } },
    });
  });

  it('refuses what is no assignment or no YAML', () => {
    expect(() => applyOverrideProperty({}, 'abc')).toThrow(
      '"abc" is no assignment',
    );
    expect(() => applyOverrideProperty({}, 'a=[1')).toThrow(
      'the value of "a" cannot be read',
    );
  });
});
