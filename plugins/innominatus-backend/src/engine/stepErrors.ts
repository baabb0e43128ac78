import { StepError } from '@innominatus/backstage-plugin-innominatus-common';

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
