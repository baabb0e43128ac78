import { InputError } from '@backstage/errors';
import {
  findForgedSecret,
  isDeeperThan,
  nearestNames,
} from '@innominatus/backstage-plugin-innominatus-common';
import { z } from 'zod';

const SHOWN_ISSUES = 5;
/** Deeper bodies would exhaust the stack of whatever walks through them. */
const MAX_DEPTH = 100;

/**
 * Checks the body of a request. Throws `InputError` that names each field.
 *
 * @remarks
 * References to secrets are only made by the backend itself. One that comes
 * from outside would be exchanged for the secret of somebody else.
 */
export function readBody<TSchema extends z.ZodObject>(
  schema: TSchema,
  body: unknown,
): z.output<TSchema> {
  if (isDeeperThan(body, MAX_DEPTH)) {
    throw new InputError(`The body is nested deeper than ${MAX_DEPTH} levels.`);
  }
  const forged = findForgedSecret(body);
  if (forged !== undefined) {
    throw new InputError(
      `The body refers to a secret at "${forged}". References to secrets cannot be passed in; use a placeholder such as \${resources.db.password} in the Score spec.`,
    );
  }
  const result = schema.safeParse(body ?? {});
  if (result.success) {
    return result.data;
  }
  const messages = result.error.issues.slice(0, SHOWN_ISSUES).map(issue => {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
      return unknownFields(issue.keys, Object.keys(schema.shape));
    }
    const place = issue.path.map(String).join('.');
    return place === ''
      ? `The body is not right: ${issue.message}.`
      : `The field "${place}" is not right: ${issue.message}.`;
  });
  throw new InputError(messages.join(' '));
}

function unknownFields(keys: string[], known: string[]): string {
  const [near] = nearestNames(keys[0], known, 1);
  const hint = near ? ` Did you mean "${near}"?` : '';
  return `The body has the unknown field "${keys[0]}".${hint} Known are: ${known.map(key => `"${key}"`).join(', ')}.`;
}
