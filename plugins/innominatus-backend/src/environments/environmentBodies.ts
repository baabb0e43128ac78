import { InputError } from '@backstage/errors';
import {
  EphemeralEnvironmentRequest,
  parseDuration,
} from '@innominatus/backstage-plugin-innominatus-common';
import { z } from 'zod';
import { ProblemError } from '../http';
import { readBody } from '../http/readBody';

/** How long an environment may be asked to live. */
export const durationSchema = z
  .string()
  .max(64)
  .refine(
    value => (parseDuration(value) ?? 0) >= 60_000 && !/^\d+$/.test(value),
    "expected a duration of at least a minute, such as '4h' or '2d'",
  );

const word = z.string().min(1).max(255);

const ephemeralSchema = z.strictObject({
  ephemeral: z
    .strictObject({
      from: z.string().min(1).max(63),
      project: word.optional(),
      branch: word.optional(),
      pullRequest: z.number().int().positive().max(1_000_000_000).optional(),
      ttl: durationSchema.optional(),
    })
    .refine(
      ({ branch, pullRequest }) =>
        (branch === undefined) !== (pullRequest === undefined),
      'expected one of "branch" and "pullRequest"',
    ),
});

const extendSchema = z.strictObject({
  by: durationSchema.optional(),
  until: z.iso.datetime({ offset: true }).optional(),
});

const removeSchema = z.strictObject({
  reason: z.string().max(500).optional(),
});

/** What `POST /environments` asks for: a definition, or a copy of another one. */
export function readCreateBody(
  body: unknown,
):
  | { kind: 'definition'; input: object }
  | { kind: 'copy'; request: EphemeralEnvironmentRequest } {
  // Of a definition, `ephemeral` says how copies of it may be made.
  const isCopy =
    isObject(body) && isObject(body.ephemeral) && 'from' in body.ephemeral;
  return isCopy
    ? { kind: 'copy', request: readBody(ephemeralSchema, body).ephemeral }
    : { kind: 'definition', input: readDefinitionBody(body) };
}

/** Only its outer form; the definition is checked like that of a file. */
export function readDefinitionBody(body: unknown): object {
  if (!isObject(body)) {
    throw new InputError('The body has to be an object with "type".');
  }
  return readBody(z.looseObject({}), body);
}

export function readExtendBody(body: unknown): { by?: string; until?: number } {
  const { by, until } = readBody(extendSchema, body);
  if ((by === undefined) === (until === undefined)) {
    throw new InputError(
      'Say how long: expected one of "by", such as "1d", and "until", a time.',
    );
  }
  return { by, until: until === undefined ? undefined : Date.parse(until) };
}

/** Nothing has to be said. */
export function readRemoveBody(body: unknown): { reason?: string } {
  return readBody(removeSchema, body);
}

/** The version in `If-Match`. */
export function readVersion(
  header: string | undefined,
  options: { name: string; current: number },
): number {
  const { name, current } = options;
  if (header === undefined) {
    throw new ProblemError({
      status: 428,
      code: 'VERSION_REQUIRED',
      message: `Say which version of the environment "${name}" is changed: send the "ETag" of its answer as "If-Match".`,
    });
  }
  if (header.trim() === '*') {
    return current;
  }
  const [, version] = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim()) ?? [];
  if (Number(version) !== current) {
    throw new ProblemError({
      status: 412,
      code: 'VERSION_STALE',
      message: `The environment "${name}" was changed meanwhile. Read it again and repeat the change.`,
    });
  }
  return current;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
