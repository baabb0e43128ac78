import {
  Environment,
  EphemeralEnvironmentRequest,
  ephemeralNames,
  parseDuration,
} from '@innominatus/backstage-plugin-innominatus-common';
import { formatLength } from '../../lib/duration';
import { Text } from '../../translation';

const SHORTEST_MS = 60_000;

/** What a person has chosen so far; texts as they were typed. */
export interface CopyForm {
  from: string;
  kind: 'branch' | 'pullRequest';
  branch: string;
  pullRequest: string;
  project: string;
  /** Missing as long as it was not touched: the default of the origin. */
  ttl?: string;
}

/** The request, as soon as it has everything. */
export function requestOf(
  form: CopyForm,
  origin: Environment | undefined,
): EphemeralEnvironmentRequest | undefined {
  const project = form.project.trim();
  const ttl = ttlOf(form, origin);
  const branch = form.branch.trim();
  const number = pullRequestOf(form);
  const what =
    form.kind === 'branch'
      ? branch !== '' && { branch }
      : number !== undefined && { pullRequest: number };
  return (
    (origin &&
      what && {
        from: origin.name,
        ...what,
        ...(project === '' ? {} : { project }),
        ...(ttl === '' ? {} : { ttl }),
      }) ||
    undefined
  );
}

/** The name that the environment gets, unless it is taken. */
export function nameOf(request: EphemeralEnvironmentRequest): string {
  return ephemeralNames(request)[0];
}

export function ttlOf(form: CopyForm, origin: Environment | undefined): string {
  return (form.ttl ?? origin?.copies?.ttl ?? '').trim();
}

/** What is wrong with the time to live, before anybody is asked. */
export function ttlProblem(
  ttl: string,
  origin: Environment | undefined,
  t: Text,
): string | undefined {
  if (ttl === '') {
    return undefined;
  }
  const ms = /^\d+$/.test(ttl) ? undefined : parseDuration(ttl);
  if (ms === undefined || ms < SHORTEST_MS) {
    return t('environments.create.ttlInvalid');
  }
  const maxMs = parseDuration(origin?.copies?.maxTtl);
  return maxMs !== undefined && ms > maxMs
    ? t('environments.create.ttlTooLong', { max: formatLength(maxMs) })
    : undefined;
}

/** What is wrong with the number, once something was typed. */
export function pullRequestProblem(
  form: CopyForm,
  t: Text,
): string | undefined {
  return form.pullRequest.trim() !== '' && pullRequestOf(form) === undefined
    ? t('environments.create.pullRequestInvalid')
    : undefined;
}

function pullRequestOf({ pullRequest }: CopyForm): number | undefined {
  const text = pullRequest.trim().replace(/^#/, '');
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
