import { JsonValue } from '../../json';
import { parseDuration } from '../duration';
import { MAX_ATTEMPTS } from '../stepSettings';
import { RetryPolicy } from '../types';
import { Report } from './report';
import { isObject } from './shape';

const RETRY_KEYS = ['attempts', 'backoff', 'on'];
const BACKOFF_KEYS = ['initial', 'factor', 'max', 'jitter'];

function defaultRetry(): RetryPolicy {
  return {
    attempts: 1,
    backoff: { initialMs: 1_000, factor: 2, maxMs: 60_000, jitter: 0.2 },
  };
}

/** Reads `retry`: a number of attempts, or an object. */
export function readRetry(
  value: JsonValue | undefined,
  pointer: string,
  report: Report,
): RetryPolicy {
  const policy = defaultRetry();
  if (value === undefined) {
    return policy;
  }
  if (typeof value === 'number') {
    policy.attempts = readAttempts(value, pointer, report) ?? 1;
    return policy;
  }
  if (!isObject(value)) {
    report.error(
      'WORKFLOW_RETRY',
      pointer,
      '"retry" must be a number of attempts or an object with "attempts", "backoff" and "on".',
    );
    return policy;
  }
  for (const key of Object.keys(value).filter(
    name => !RETRY_KEYS.includes(name),
  )) {
    report.unknownKey({
      pointer: `${pointer}/${key}`,
      key,
      place: '"retry"',
      known: RETRY_KEYS,
    });
  }
  policy.attempts =
    readAttempts(value.attempts ?? 3, `${pointer}/attempts`, report) ?? 1;
  if (value.on !== undefined) {
    if (
      Array.isArray(value.on) &&
      value.on.every(code => typeof code === 'string')
    ) {
      policy.on = value.on;
    } else {
      report.error(
        'WORKFLOW_RETRY',
        `${pointer}/on`,
        '"retry.on" must be a list of error codes.',
      );
    }
  }
  readBackoff(value.backoff, `${pointer}/backoff`, policy, report);
  return policy;
}

function readAttempts(
  value: JsonValue,
  pointer: string,
  report: Report,
): number | undefined {
  if (
    Number.isInteger(value) &&
    (value as number) >= 1 &&
    (value as number) <= MAX_ATTEMPTS
  ) {
    return value as number;
  }
  report.error(
    'WORKFLOW_RETRY',
    pointer,
    `The number of attempts must be a whole number from 1 to ${MAX_ATTEMPTS}, the first attempt included.`,
  );
  return undefined;
}

function readBackoff(
  value: JsonValue | undefined,
  pointer: string,
  policy: RetryPolicy,
  report: Report,
): void {
  if (value === undefined) {
    return;
  }
  if (!isObject(value)) {
    const initialMs = parseDuration(value);
    if (initialMs === undefined) {
      report.error(
        'WORKFLOW_RETRY',
        pointer,
        '"backoff" must be a duration such as "10s" or an object with "initial", "factor", "max" and "jitter".',
      );
    } else {
      policy.backoff.initialMs = initialMs;
      policy.backoff.maxMs = Math.max(policy.backoff.maxMs, initialMs);
    }
    return;
  }
  for (const key of Object.keys(value).filter(
    name => !BACKOFF_KEYS.includes(name),
  )) {
    report.unknownKey({
      pointer: `${pointer}/${key}`,
      key,
      place: '"backoff"',
      known: BACKOFF_KEYS,
    });
  }
  const duration = (key: 'initial' | 'max', fallback: number) => {
    const ms = value[key] === undefined ? fallback : parseDuration(value[key]);
    if (ms === undefined) {
      report.error(
        'WORKFLOW_DURATION',
        `${pointer}/${key}`,
        `"backoff.${key}" must be a duration such as "10s".`,
      );
    }
    return ms ?? fallback;
  };
  const share = (
    key: 'factor' | 'jitter',
    least: number,
    most: number,
    fallback: number,
  ) => {
    const number = value[key] ?? fallback;
    if (typeof number !== 'number' || number < least || number > most) {
      report.error(
        'WORKFLOW_RETRY',
        `${pointer}/${key}`,
        `"backoff.${key}" must be a number from ${least} to ${most}.`,
      );
      return fallback;
    }
    return number;
  };
  const { backoff } = policy;
  const initialMs = duration('initial', backoff.initialMs);
  policy.backoff = {
    initialMs,
    factor: share('factor', 1, 100, backoff.factor),
    maxMs: duration('max', Math.max(backoff.maxMs, initialMs)),
    jitter: share('jitter', 0, 1, backoff.jitter),
  };
  if (policy.backoff.maxMs < initialMs) {
    report.error(
      'WORKFLOW_RETRY',
      `${pointer}/max`,
      '"backoff.max" cannot be less than "backoff.initial".',
    );
  }
}
