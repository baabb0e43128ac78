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

/**
 * Reads `--param` options into values of the types the golden path declares,
 * by the same rules as the backend and forms. What is missing the backend says.
 */
export async function readParameters(
  assignments: readonly string[],
  goldenPath: { name: string; parameters: readonly GoldenPathParameter[] },
): Promise<Record<string, JsonValue>> {
  const texts = new Map<string, string>();
  for (const [name, text] of splitAssignments(assignments, '--param')) {
    if (!goldenPath.parameters.some(parameter => parameter.name === name)) {
      const known = goldenPath.parameters.map(candidate => candidate.name);
      throw new UsageError(
        `The golden path "${goldenPath.name}" has no parameter "${name}". ${
          known.length ? `It has: ${known.join(', ')}.` : 'It has none.'
        }`,
        { next: `See: innominatus golden-paths get ${goldenPath.name}` },
      );
    }
    texts.set(name, text);
  }
  const { validateParameters } =
    await import('@innominatus/backstage-plugin-innominatus-common');
  const { values, issues } = validateParameters(
    goldenPath.parameters.filter(({ name }) => texts.has(name)),
    Object.fromEntries(texts),
  );
  if (issues.length > 0) {
    const [{ parameter, constraint, suggestion }] = issues;
    throw new UsageError(
      `The parameter "${parameter}" of the golden path "${goldenPath.name}" is not valid: ${constraint}.`,
      {
        next:
          suggestion ?? `See: innominatus golden-paths get ${goldenPath.name}`,
      },
    );
  }
  return values;
}
