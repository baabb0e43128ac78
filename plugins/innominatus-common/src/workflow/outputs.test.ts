import { OutputFileError, parseOutputFile, parseOutputLine } from './outputs';

describe('parseOutputFile', () => {
  it('keeps the types of JSON, nested values included', () => {
    expect(
      parseOutputFile('\uFEFF {"a": 1, "b": {"c": [true, null]}}\n'),
    ).toEqual({
      a: 1,
      b: { c: [true, null] },
    });
  });

  it('reads key=value lines with comments, blank lines and quotes', () => {
    expect(
      parseOutputFile(
        '# made by build\r\n\r\nimage = shop:1\nquoted="a b"\nurl=http://x?a=b\nnone=\n',
      ),
    ).toEqual({
      image: 'shop:1',
      quoted: 'a b',
      url: 'http://x?a=b',
      none: '',
    });
  });

  it('reads an empty file as no outputs', () => {
    expect(parseOutputFile(' \n')).toEqual({});
  });

  it.each([
    [
      'ok=1\nmalformed secret',
      'Line 2 of the output file is not of the form key=value.',
    ],
    ['=x', 'Line 1'],
    ['a b=x', 'Line 1'],
    ['{"a": ', 'is not JSON'],
    ['{"__proto__": {"x": 1}}', '"__proto__"'],
    ['{"a": {"$secretRef": "resource/1/password"}}', '"$secretRef"'],
    ['a=__innominatus_secret_00__', 'looks like a secret marker'],
    [`{"a":${'['.repeat(50)}${']'.repeat(50)}}`, 'deeper than'],
    [`a=${'x'.repeat(1024 * 1024)}`, 'are allowed'],
  ])('fails on %.40s', (text, message) => {
    expect(() => parseOutputFile(text)).toThrow(OutputFileError);
    expect(() => parseOutputFile(text)).toThrow(message);
    expect(() => parseOutputFile(text)).not.toThrow('malformed secret');
  });
});

describe('parseOutputLine', () => {
  it.each([
    ['::set-output name=image::shop:1', { name: 'image', value: 'shop:1' }],
    ['  OUTPUT_image=shop:1=x ', { name: 'image', value: 'shop:1=x' }],
    ['OUTPUT_empty=', { name: 'empty', value: '' }],
    ['image=shop:1', undefined],
    ['see OUTPUT_image=1', undefined],
    ['OUTPUT___proto__=1', undefined],
    ['::set-output name=a::__innominatus_secret_00__', undefined],
  ])('%s', (line, expected) => {
    expect(parseOutputLine(line)).toEqual(expected);
  });
});
