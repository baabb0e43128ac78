/** A stretch of text in one look. */
export interface AnsiSpan {
  text: string;
  /** Name of one of the eight colours of a terminal. */
  color?: string;
  bold?: boolean;
}

const COLORS = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
];

// Any escape sequence of a terminal; only those that end in "m" are looks.
// Built from parts, so that no control character stands in a literal.
const ESCAPE = String.fromCharCode(27);
const SEQUENCE = new RegExp(`${ESCAPE}\\[([0-9;?]*)([A-Za-z])`, 'g');

/** Splits a line of terminal output into stretches; unknown sequences vanish. */
export function parseAnsi(line: string): AnsiSpan[] {
  const spans: AnsiSpan[] = [];
  let look: Omit<AnsiSpan, 'text'> = {};
  let position = 0;
  const push = (text: string) => {
    if (text) {
      spans.push({ text, ...look });
    }
  };
  for (const match of line.matchAll(SEQUENCE)) {
    push(line.slice(position, match.index));
    position = match.index + match[0].length;
    if (match[2] === 'm') {
      look = applyCodes(look, match[1]);
    }
  }
  push(line.slice(position));
  return spans;
}

/** The line without any escape sequence, to search in and to download. */
export function stripAnsi(line: string): string {
  return line.replace(SEQUENCE, '');
}

function applyCodes(
  look: Omit<AnsiSpan, 'text'>,
  codes: string,
): Omit<AnsiSpan, 'text'> {
  let next = look;
  for (const code of (codes || '0').split(';').map(Number)) {
    if (code === 0) {
      next = {};
    } else if (code === 1) {
      next = { ...next, bold: true };
    } else if (code === 22) {
      next = { ...next, bold: undefined };
    } else if (code === 39) {
      next = { ...next, color: undefined };
    } else if (code >= 30 && code <= 37) {
      next = { ...next, color: COLORS[code - 30] };
    } else if (code >= 90 && code <= 97) {
      next = { ...next, color: COLORS[code - 90] };
    }
  }
  return next;
}
