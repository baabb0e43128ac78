import { parseTemplate } from '../references';
import { isScopeRoot } from '../scope';
import { compilePattern } from '../pattern';
import {
  CompareOperator,
  ConditionSyntaxError,
  TextOperator,
  Token,
  tokenize,
} from './tokens';

/**
 * One side of a comparison, or a value that stands alone.
 *
 * @public
 */
export interface ConditionOperand {
  /** As written, without quotes. */
  text: string;
  quoted: boolean;
}

/**
 * What a step can be asked for, as in `build.failed`.
 *
 * @public
 */
export type StepStatusWord =
  'success' | 'succeeded' | 'failed' | 'failure' | 'skipped';

/**
 * A condition as a tree.
 *
 * @public
 */
export type Condition =
  | { kind: 'or' | 'and'; left: Condition; right: Condition }
  | { kind: 'not'; inner: Condition }
  | {
      kind: 'compare';
      operator: CompareOperator | TextOperator;
      left: ConditionOperand;
      right: ConditionOperand;
    }
  | { kind: 'status'; step: string; word: StepStatusWord; text: string }
  | { kind: 'value'; operand: ConditionOperand };

const MAX_LENGTH = 4_096;
const MAX_DEPTH = 64;
const STATUS_WORDS = new Set<string>([
  'success',
  'succeeded',
  'failed',
  'failure',
  'skipped',
]);

/**
 * Reads a condition. Throws a {@link ConditionSyntaxError} with the place.
 *
 * @public
 */
export function parseCondition(text: string): Condition {
  if (text.length > MAX_LENGTH) {
    throw new ConditionSyntaxError(
      `The condition has ${text.length} characters, ${MAX_LENGTH} are allowed.`,
      MAX_LENGTH,
    );
  }
  const reader = { tokens: tokenize(text), next: 0 };
  if (peek(reader).kind === 'end') {
    throw new ConditionSyntaxError(
      'The condition is empty. Remove it or write one.',
      0,
    );
  }
  const condition = parseOr(reader, 0);
  const rest = peek(reader);
  if (rest.kind !== 'end') {
    throw new ConditionSyntaxError(
      `${describe(rest)} at position ${rest.at + 1} is not expected after the end of the condition. Join conditions with "and" or "or", and quote texts that contain spaces.`,
      rest.at,
    );
  }
  return condition;
}

interface Reader {
  tokens: Token[];
  next: number;
}

function peek(reader: Reader): Token {
  return reader.tokens[reader.next];
}

function take(reader: Reader): Token {
  const token = reader.tokens[reader.next];
  reader.next = Math.min(reader.next + 1, reader.tokens.length - 1);
  return token;
}

function parseOr(reader: Reader, depth: number): Condition {
  let left = parseAnd(reader, depth);
  while (peek(reader).kind === 'or') {
    take(reader);
    left = { kind: 'or', left, right: parseAnd(reader, depth) };
  }
  return left;
}

function parseAnd(reader: Reader, depth: number): Condition {
  let left = parseNot(reader, depth);
  while (peek(reader).kind === 'and') {
    take(reader);
    left = { kind: 'and', left, right: parseNot(reader, depth) };
  }
  return left;
}

function parseNot(reader: Reader, depth: number): Condition {
  const token = peek(reader);
  if (depth > MAX_DEPTH) {
    throw new ConditionSyntaxError(
      `The condition is nested deeper than ${MAX_DEPTH} levels.`,
      token.at,
    );
  }
  if (token.kind === 'not') {
    take(reader);
    return { kind: 'not', inner: parseNot(reader, depth + 1) };
  }
  if (token.kind === '(') {
    take(reader);
    const inner = parseOr(reader, depth + 1);
    const close = take(reader);
    if (close.kind !== ')') {
      throw new ConditionSyntaxError(
        `The parenthesis at position ${token.at + 1} is not closed: expected ")" but found ${describe(close)} at position ${close.at + 1}.`,
        close.at,
      );
    }
    return inner;
  }
  return parseComparison(reader);
}

function parseComparison(reader: Reader): Condition {
  const left = parseOperand(reader);
  const token = peek(reader);
  if (token.kind === 'compare') {
    take(reader);
    return {
      kind: 'compare',
      operator: token.operator,
      left,
      right: parseOperand(reader),
    };
  }
  if (token.kind !== 'text') {
    return lone(left);
  }
  take(reader);
  const wrapped =
    token.method || (token.operator === 'matches' && peek(reader).kind === '(');
  if (wrapped) {
    take(reader);
  }
  const right = parseOperand(reader);
  if (wrapped) {
    const close = take(reader);
    if (close.kind !== ')') {
      throw new ConditionSyntaxError(
        `Expected ")" after the argument of "${token.operator}" but found ${describe(close)} at position ${close.at + 1}.`,
        close.at,
      );
    }
  }
  if (token.operator === 'matches') {
    checkPattern(right, token.at);
  }
  return { kind: 'compare', operator: token.operator, left, right };
}

function parseOperand(reader: Reader): ConditionOperand {
  const token = take(reader);
  if (token.kind !== 'operand') {
    throw new ConditionSyntaxError(
      `Expected a value at position ${token.at + 1} but found ${describe(token)}.`,
      token.at,
    );
  }
  const broken = parseTemplate(token.text).find(part => part.kind === 'broken');
  if (broken?.kind === 'broken') {
    throw new ConditionSyntaxError(broken.problem, token.at);
  }
  return { text: token.text, quoted: token.quoted };
}

/** A pattern that is written out can be checked now; others when it is used. */
function checkPattern(operand: ConditionOperand, at: number): void {
  const parts = parseTemplate(operand.text);
  if (parts.some(part => part.kind !== 'text')) {
    return;
  }
  const pattern = compilePattern(
    parts.map(part => (part.kind === 'text' ? part.text : '')).join(''),
  );
  if (!pattern.ok) {
    throw new ConditionSyntaxError(
      `The pattern "${operand.text}" of "matches" cannot be used: ${pattern.problem}.`,
      at,
    );
  }
}

function lone(operand: ConditionOperand): Condition {
  if (!operand.quoted) {
    const bare = operand.text.replace(/^\$\{(.*)\}$/, '$1').replace(/^\$/, '');
    const path = bare.split('.');
    if (path[0] === 'steps' && path.length > 2) {
      path.shift();
    }
    const word = path[path.length - 1];
    if (
      path.length === 2 &&
      path[0] !== '' &&
      STATUS_WORDS.has(word) &&
      !isScopeRoot(path[0])
    ) {
      return {
        kind: 'status',
        step: path[0],
        word: word as StepStatusWord,
        text: operand.text,
      };
    }
  }
  return { kind: 'value', operand };
}

function describe(token: Token): string {
  switch (token.kind) {
    case 'operand':
      return `"${token.text}"`;
    case 'compare':
      return `"${token.operator}"`;
    case 'text':
      return `"${token.operator}"`;
    case 'end':
      return 'the end';
    default:
      return `"${token.kind}"`;
  }
}
