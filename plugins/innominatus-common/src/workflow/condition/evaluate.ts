import { isDeeperThan, isSecretReference, JsonValue } from '../../json';
import { valueToText } from '../interpolate';
import { compilePattern } from '../pattern';
import { parseTemplate } from '../references';
import { isScopeRoot, resolvePath, Scope } from '../scope';
import { containsSecretToken } from '../secretToken';
import { StepStatus } from '../types';
import { isLiteralWord, NUMBER } from './literals';
import {
  Condition,
  ConditionOperand,
  parseCondition,
  StepStatusWord,
} from './parse';

/**
 * Result of a condition.
 *
 * @public
 */
export interface ConditionResult {
  value: boolean;
  /** Half a sentence with the values that decided, for example `$ENV is "staging"`. */
  because: string;
  /** Why the result cannot be trusted; the step then fails instead. */
  problem?: string;
}

interface Value {
  /** Missing and `null` are the same: unset. */
  value: JsonValue | undefined;
  text: string;
  /** How the operand shows up in a sentence. */
  shown: string;
  /** Nobody may walk through the value; it is not compared. */
  tooDeep?: boolean;
}

const MAX_DEPTH = 64;
const TOO_DEEP = '(nested too deeply)';

const FALSE_WORDS = new Set(['', 'false', '0', 'no', 'off']);
const MAX_SHOWN = 80;
const STATUS_OF_WORD: Record<StepStatusWord, StepStatus> = {
  success: 'succeeded',
  succeeded: 'succeeded',
  failed: 'failed',
  failure: 'failed',
  skipped: 'skipped',
};

/**
 * Evaluates a condition. Never throws on a condition that was parsed;
 * references that lead nowhere are unset.
 *
 * @public
 */
export function evaluateCondition(
  condition: Condition | string,
  scope: Scope,
): ConditionResult {
  const tree =
    typeof condition === 'string' ? parseCondition(condition) : condition;
  return evaluate(tree, scope);
}

function evaluate(condition: Condition, scope: Scope): ConditionResult {
  switch (condition.kind) {
    case 'or':
    case 'and': {
      const left = evaluate(condition.left, scope);
      if (left.problem || left.value === (condition.kind === 'or')) {
        return left;
      }
      const right = evaluate(condition.right, scope);
      return right.value === left.value && !right.problem
        ? {
            value: right.value,
            because: `${left.because} and ${right.because}`,
          }
        : right;
    }
    case 'not': {
      const inner = evaluate(condition.inner, scope);
      return { ...inner, value: !inner.value };
    }
    case 'status':
      return evaluateStatus(condition, scope);
    case 'value': {
      const value = readOperand(condition.operand, scope, true);
      return { value: isTruthy(value), because: sentence(value) };
    }
    default:
      return compare(condition, scope);
  }
}

function evaluateStatus(
  condition: Extract<Condition, { kind: 'status' }>,
  scope: Scope,
): ConditionResult {
  if (!Object.hasOwn(scope.steps, condition.step)) {
    return evaluate(
      { kind: 'value', operand: { text: condition.text, quoted: false } },
      scope,
    );
  }
  const { status } = scope.steps[condition.step];
  const wanted = STATUS_OF_WORD[condition.word];
  return {
    value: status === wanted,
    because: `step "${condition.step}" is ${status}`,
  };
}

function compare(
  condition: Extract<Condition, { kind: 'compare' }>,
  scope: Scope,
): ConditionResult {
  const left = readOperand(condition.left, scope, false);
  const right = readOperand(condition.right, scope, false);
  const because = [left, right]
    .filter(side => side.shown !== '')
    .map(sentence)
    .join(' and ');
  const done = (value: boolean): ConditionResult => ({
    value,
    because: because || `"${left.text}" and "${right.text}" are fixed values`,
  });
  if (left.tooDeep || right.tooDeep) {
    return {
      ...done(false),
      problem: `A condition cannot compare a value that is nested deeper than ${MAX_DEPTH} levels.`,
    };
  }
  const asksForNull = left.value === undefined || right.value === undefined;
  if (!asksForNull && [left, right].some(side => hasSecret(side.value))) {
    return {
      ...done(false),
      problem:
        'A condition cannot look into a secret. Compare it with null, or use another value.',
    };
  }
  switch (condition.operator) {
    case '==':
      return done(isEqual(left, right));
    case '!=':
      return done(!isEqual(left, right));
    case '<':
      return done(order(left, right) < 0);
    case '<=':
      return done(order(left, right) <= 0);
    case '>':
      return done(order(left, right) > 0);
    case '>=':
      return done(order(left, right) >= 0);
    case 'contains':
      return done(
        Array.isArray(left.value)
          ? left.value.some(item => valueToText(item) === right.text)
          : left.text.includes(right.text),
      );
    case 'startsWith':
      return done(left.text.startsWith(right.text));
    case 'endsWith':
      return done(left.text.endsWith(right.text));
    default: {
      const pattern = compilePattern(right.text);
      return pattern.ok
        ? done(pattern.test(left.text))
        : {
            ...done(false),
            problem: `The pattern "${shorten(right.text)}" of "matches" cannot be used: ${pattern.problem}.`,
          };
    }
  }
}

function isEqual(left: Value, right: Value): boolean {
  const numbers = asNumbers(left, right);
  return numbers ? numbers[0] === numbers[1] : left.text === right.text;
}

function order(left: Value, right: Value): number {
  const numbers = asNumbers(left, right);
  if (numbers) {
    return numbers[0] - numbers[1];
  }
  if (left.text === right.text) {
    return 0;
  }
  return left.text < right.text ? -1 : 1;
}

function asNumbers(left: Value, right: Value): [number, number] | undefined {
  const [a, b] = [left.text.trim(), right.text.trim()];
  return NUMBER.test(a) && NUMBER.test(b) ? [Number(a), Number(b)] : undefined;
}

function isTruthy(value: Value): boolean {
  return (
    value.value !== undefined &&
    !FALSE_WORDS.has(value.text.trim().toLowerCase())
  );
}

function readOperand(
  operand: ConditionOperand,
  scope: Scope,
  alone: boolean,
): Value {
  const parts = parseTemplate(operand.text);
  if (parts.length === 1 && parts[0].kind === 'reference') {
    const { path, braced, raw } = parts[0].reference;
    const resolution = resolvePath(scope, path, braced);
    if (resolution.found && !('rest' in resolution)) {
      return known(resolution.value, raw);
    }
    if (!resolution.found) {
      return unset(raw);
    }
  }
  if (parts.some(part => part.kind === 'reference')) {
    const text = parts.map(part => partText(part, scope)).join('');
    return { value: text, text, shown: operand.text };
  }
  const text = parts
    .map(part => (part.kind === 'text' ? part.text : ''))
    .join('');
  if (operand.quoted) {
    return { value: text, text, shown: '' };
  }
  return bareWord(text, scope, alone);
}

/** `params.size` and `environment.type` may be written without `${}`. */
function bareWord(text: string, scope: Scope, alone: boolean): Value {
  const path = text.split('.');
  const dotted =
    path.length > 1 &&
    (isScopeRoot(path[0]) || Object.hasOwn(scope.steps, path[0]));
  if (dotted || (alone && !isLiteralWord(text))) {
    const resolution = resolvePath(scope, path);
    return resolution.found ? known(resolution.value, text) : unset(text);
  }
  return text === 'null'
    ? { ...unset(''), shown: '' }
    : { value: text, text, shown: '' };
}

function partText(
  part: ReturnType<typeof parseTemplate>[number],
  scope: Scope,
): string {
  if (part.kind === 'text') {
    return part.text;
  }
  if (part.kind === 'broken') {
    return '';
  }
  const resolution = resolvePath(
    scope,
    part.reference.path,
    part.reference.braced,
  );
  if (!resolution.found) {
    return '';
  }
  const rest =
    'rest' in resolution ? resolution.rest.map(s => `.${s}`).join('') : '';
  return known(resolution.value, '').text + rest;
}

function known(value: JsonValue, shown: string): Value {
  if (isDeeperThan(value, MAX_DEPTH)) {
    return { value: TOO_DEEP, text: TOO_DEEP, shown, tooDeep: true };
  }
  return { value, text: valueToText(value), shown };
}

function unset(shown: string): Value {
  return { value: undefined, text: '', shown };
}

function hasSecret(value: JsonValue | undefined): boolean {
  if (typeof value === 'string') {
    return containsSecretToken(value);
  }
  return (
    typeof value === 'object' &&
    value !== null &&
    (isSecretReference(value) || Object.values(value).some(hasSecret))
  );
}

function sentence(value: Value): string {
  if (value.shown === '') {
    return `"${shorten(value.text)}" is a fixed value`;
  }
  if (value.value === undefined) {
    return `${value.shown} is not set`;
  }
  return hasSecret(value.value)
    ? `${value.shown} is a secret`
    : `${value.shown} is "${shorten(value.text)}"`;
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
