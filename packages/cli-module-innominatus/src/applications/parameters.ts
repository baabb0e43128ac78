import type {
  GoldenPathParameter,
  JsonValue,
} from '@innominatus/backstage-plugin-innominatus-common';
import { UsageError } from '../framework/errors';

/** Cuts `key=value` options; the value may hold more equals signs. */
export function splitAssignments(
  assignments: readonly string[],
  option: string,
): Array<[string, string]> {
  return assignments.map(assignment => {
    const at = assignment.indexOf('=');
    if (at < 1) {
      throw new UsageError(
        `${option} is "${assignment}", but KEY=VALUE is expected.`,
      );
    }
    return [assignment.slice(0, at), assignment.slice(at + 1)];
  });
}

/** Reads `--param` options into values of the types the golden path declares. */
export function readParameters(
  assignments: readonly string[],
  goldenPath: { name: string; parameters: readonly GoldenPathParameter[] },
): Record<string, JsonValue> {
  const values = new Map<string, JsonValue>();
  for (const [name, text] of splitAssignments(assignments, '--param')) {
    const parameter = goldenPath.parameters.find(
      candidate => candidate.name === name,
    );
    if (!parameter) {
      const known = goldenPath.parameters.map(candidate => candidate.name);
      throw new UsageError(
        `The golden path "${goldenPath.name}" has no parameter "${name}". ${
          known.length ? `It has: ${known.join(', ')}.` : 'It has none.'
        }`,
        { next: `See: innominatus golden-paths get ${goldenPath.name}` },
      );
    }
    values.set(name, readValue(text, parameter));
  }
  return Object.fromEntries(values);
}

function readValue(text: string, parameter: GoldenPathParameter): JsonValue {
  switch (parameter.type) {
    case 'int':
      if (!/^[+-]?\d{1,15}$/.test(text)) {
        throw wrongValue(text, parameter, 'a whole number');
      }
      return Number(text);
    case 'bool':
      if (text !== 'true' && text !== 'false') {
        throw wrongValue(text, parameter, 'true or false');
      }
      return text === 'true';
    case 'enum':
      if (parameter.allowedValues && !parameter.allowedValues.includes(text)) {
        throw wrongValue(
          text,
          parameter,
          `one of ${parameter.allowedValues.join(', ')}`,
        );
      }
      return text;
    default:
      return text;
  }
}

function wrongValue(
  text: string,
  parameter: GoldenPathParameter,
  expected: string,
): UsageError {
  return new UsageError(
    `The parameter "${parameter.name}" is "${text}", but ${expected} is expected.`,
  );
}
