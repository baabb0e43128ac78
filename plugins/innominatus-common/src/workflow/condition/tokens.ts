/**
 * Thrown when a condition cannot be read. It is an error before the run
 * starts, never a skip.
 *
 * @public
 */
export class ConditionSyntaxError extends Error {
  /** Zero-based place in the text of the condition. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'ConditionSyntaxError';
    this.offset = offset;
  }
}

/**
 * Words that compare two texts.
 *
 * @public
 */
export type TextOperator = 'contains' | 'startsWith' | 'endsWith' | 'matches';

const TEXT_OPERATORS: TextOperator[] = [
  'contains',
  'startsWith',
  'endsWith',
  'matches',
];

/**
 * Signs that compare two values.
 *
 * @public
 */
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Token =
  | { kind: 'operand'; text: string; quoted: boolean; at: number }
  | { kind: 'compare'; operator: CompareOperator; at: number }
  | { kind: 'text'; operator: TextOperator; method: boolean; at: number }
  | { kind: 'and' | 'or' | 'not' | '(' | ')' | 'end'; at: number };

const SYMBOLS: Array<[string, (at: number) => Token]> = [
  ['==', at => ({ kind: 'compare', operator: '==', at })],
  ['!=', at => ({ kind: 'compare', operator: '!=', at })],
  ['<=', at => ({ kind: 'compare', operator: '<=', at })],
  ['>=', at => ({ kind: 'compare', operator: '>=', at })],
  ['<', at => ({ kind: 'compare', operator: '<', at })],
  ['>', at => ({ kind: 'compare', operator: '>', at })],
  ['&&', at => ({ kind: 'and', at })],
  ['||', at => ({ kind: 'or', at })],
  ['!', at => ({ kind: 'not', at })],
  ['(', at => ({ kind: '(', at })],
  [')', at => ({ kind: ')', at })],
];

const METHOD = /\.(contains|startsWith|endsWith|matches)(?=\s*\()/y;
const WORD_STOP = /[\s()<>"']|==|!=|=|&&|\|\||&|\|/;

/**
 * Cuts a condition into tokens. Runs before anything is substituted, so a
 * value can never become an operator.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at])) {
      at += 1;
      continue;
    }
    const method = operandEnds(tokens) ? matchAt(METHOD, text, at) : undefined;
    if (method) {
      tokens.push({
        kind: 'text',
        operator: method[1] as TextOperator,
        method: true,
        at,
      });
      at += method[0].length;
      continue;
    }
    const pattern = expectsPattern(tokens) ? barePattern(text, at) : undefined;
    if (pattern !== undefined) {
      tokens.push({ kind: 'operand', text: pattern, quoted: true, at });
      at += pattern.length;
      continue;
    }
    const symbol = symbolAt(text, at);
    if (symbol) {
      tokens.push(symbol[1](at));
      at += symbol[0].length;
      continue;
    }
    at =
      text[at] === '"' || text[at] === "'"
        ? quoted(text, at, tokens)
        : word(text, at, tokens);
  }
  tokens.push({ kind: 'end', at: text.length });
  return tokens;
}

function symbolAt(
  text: string,
  at: number,
): (typeof SYMBOLS)[number] | undefined {
  return SYMBOLS.find(([symbol]) => text.startsWith(symbol, at));
}

function operandEnds(tokens: Token[]): boolean {
  return tokens.at(-1)?.kind === 'operand';
}

/** After an infix `matches` a bare pattern may hold parentheses and bars. */
function expectsPattern(tokens: Token[]): boolean {
  const last = tokens.at(-1);
  return last?.kind === 'text' && last.operator === 'matches' && !last.method;
}

function barePattern(text: string, start: number): string | undefined {
  if (/["'(]/.test(text[start])) {
    return undefined;
  }
  let depth = 0;
  let inClass = false;
  let at = start;
  for (; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') {
      at += 1;
    } else if (inClass) {
      inClass = char !== ']';
    } else if (char === '[') {
      inClass = true;
    } else if (char === '(') {
      depth += 1;
    } else if (char === ')') {
      if (depth === 0) {
        break;
      }
      depth -= 1;
    } else if (/\s/.test(char)) {
      break;
    }
  }
  return text.slice(start, at);
}

function quoted(text: string, start: number, tokens: Token[]): number {
  const quote = text[start];
  let value = '';
  let at = start + 1;
  while (at < text.length && text[at] !== quote) {
    // Only the quote itself is escaped; other backslashes belong to patterns.
    if (text[at] === '\\' && text[at + 1] === quote) {
      at += 1;
    }
    value += text[at];
    at += 1;
  }
  if (at >= text.length) {
    throw new ConditionSyntaxError(
      `The quote ${quote} at position ${start + 1} is not closed. Add ${quote} at the end of the text.`,
      start,
    );
  }
  tokens.push({ kind: 'operand', text: value, quoted: true, at: start });
  return at + 1;
}

function word(text: string, start: number, tokens: Token[]): number {
  let at = start;
  while (at < text.length) {
    if (text.startsWith('${', at)) {
      const end = text.indexOf('}', at);
      if (end < 0) {
        throw new ConditionSyntaxError(
          `"\${" at position ${at + 1} is not closed. Add "}" after the name.`,
          at,
        );
      }
      at = end + 1;
      continue;
    }
    if (at > start && matchAt(METHOD, text, at)) {
      break;
    }
    if (text.slice(at, at + 2).search(WORD_STOP) === 0) {
      break;
    }
    at += 1;
  }
  if (at === start) {
    const hint = text[at] === '=' ? ' Write "==" to compare.' : '';
    throw new ConditionSyntaxError(
      `"${text[at]}" at position ${at + 1} is not expected here.${hint}`,
      at,
    );
  }
  tokens.push(wordToken(text.slice(start, at), start));
  return at;
}

function wordToken(value: string, at: number): Token {
  const lower = value.toLowerCase();
  if (lower === 'and' || lower === 'or' || lower === 'not') {
    return { kind: lower, at };
  }
  const operator = TEXT_OPERATORS.find(candidate => candidate === value);
  return operator
    ? { kind: 'text', operator, method: false, at }
    : { kind: 'operand', text: value, quoted: false, at };
}

function matchAt(
  pattern: RegExp,
  text: string,
  at: number,
): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
