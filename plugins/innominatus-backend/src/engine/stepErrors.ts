import {
  OutsideWait,
  StepError,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepWait } from '@innominatus/backstage-plugin-innominatus-node';
import { Redactor } from './Redactor';

const LONGEST_MESSAGE = 4000;
const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;

const CODES_BY_NAME: Record<string, string> = {
  InterpolationError: 'REFERENCE_UNRESOLVED',
  OutputFileError: 'OUTPUT_FILE_INVALID',
};

/**
 * What to record for anything a step may throw. Compared by name, because a
 * module may bring a copy of the package that declares the class.
 */
export function toStepError(
  error: unknown,
  redact: (text: string) => string,
): StepError {
  const { name, code, transient } = (error ?? {}) as {
    name?: unknown;
    code?: unknown;
    transient?: unknown;
  };
  const known = name === 'StepFailure' && CODE.test(String(code));
  return {
    code: known ? String(code) : (CODES_BY_NAME[String(name)] ?? 'STEP_FAILED'),
    message: redact(messageOf(error)).slice(0, LONGEST_MESSAGE),
    transient: known && transient === true,
  };
}

/** The wait that a step asks for, by name as for errors. */
export function waitOf(error: unknown): OutsideWait | undefined {
  const { name, wait } = (error ?? {}) as Partial<StepWait>;
  return name === 'StepWait' ? wait : undefined;
}

/** What people read must not show a secret, nor lead to anything but a page. */
export function redactWait(wait: OutsideWait, redactor: Redactor): OutsideWait {
  const { message, link, heldBy, lookAfterMs, expiresAfterMs } = wait;
  const short = (text: string) =>
    redactor.redact(text).slice(0, LONGEST_MESSAGE);
  return {
    message: short(message),
    ...(link && isPage(link.url)
      ? {
          link: {
            url: redactor.redact(link.url),
            ...(link.title ? { title: short(link.title) } : {}),
          },
        }
      : {}),
    ...(heldBy ? { heldBy } : {}),
    ...(lookAfterMs === undefined ? {} : { lookAfterMs }),
    ...(expiresAfterMs === undefined ? {} : { expiresAfterMs }),
  };
}

function isPage(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return typeof error === 'string'
      ? error
      : 'The step failed without saying why.';
  }
  if (error.message) {
    return error.message;
  }
  // Failed connections come as a bundle of errors without a message.
  const [first] = (error as Partial<AggregateError>).errors ?? [];
  return first instanceof Error && first.message ? first.message : error.name;
}
