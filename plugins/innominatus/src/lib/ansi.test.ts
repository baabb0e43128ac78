import { parseAnsi, stripAnsi } from './ansi';

const ESC = '\u001b';

describe('parseAnsi', () => {
  it('leaves plain text alone', () => {
    expect(parseAnsi('hello')).toEqual([{ text: 'hello' }]);
  });

  it('reads colours and bold until they are reset', () => {
    expect(parseAnsi(`${ESC}[1;31mbad${ESC}[0m good`)).toEqual([
      { text: 'bad', bold: true, color: 'red' },
      { text: ' good' },
    ]);
  });

  it('reads bright colours as their plain ones', () => {
    expect(parseAnsi(`${ESC}[92mok${ESC}[39m.`)).toEqual([
      { text: 'ok', color: 'green' },
      { text: '.', color: undefined },
    ]);
  });

  it('drops sequences that move the cursor', () => {
    expect(stripAnsi(`${ESC}[2K${ESC}[1Gdone`)).toBe('done');
  });
});
