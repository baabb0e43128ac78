import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';

/** What a request was about, for messages. */
export interface RequestSubject {
  cluster: string;
  /** For example `Deployment "shop" in namespace "team-a"`. */
  object: string;
  /** Whether messages of the server could repeat a secret. */
  confidential: boolean;
}

/** The parts of a Kubernetes `Status` that are used here. */
export interface ApiStatus {
  message?: string;
  reason?: string;
  details?: {
    causes?: Array<{ reason?: string; message?: string; field?: string }>;
  };
}

const MAX_SERVER_MESSAGE = 1_000;

/** Server-side apply answers 500 to fields and values that it cannot read. */
const UNREADABLE_OBJECT =
  /failed to create typed patch object|failed to convert new object/;

/** Turns an answer that is no success into words and a stable code. */
export function toStepFailure(
  httpStatus: number,
  status: ApiStatus,
  subject: RequestSubject,
): StepFailure {
  const { object, cluster } = subject;
  const said = serverMessage(status, subject);
  if (httpStatus === 401) {
    return new StepFailure(
      `The cluster "${cluster}" does not accept the credentials. Check the token of the cluster in the app-config.`,
      { code: 'KUBERNETES_UNAUTHENTICATED' },
    );
  }
  if (httpStatus === 403) {
    return new StepFailure(
      `The cluster "${cluster}" does not allow this for ${object}: ${said}`,
      { code: 'KUBERNETES_FORBIDDEN' },
    );
  }
  if (httpStatus === 404) {
    return new StepFailure(
      `The cluster "${cluster}" has no place for ${object}: ${said}`,
      { code: 'KUBERNETES_NOT_FOUND' },
    );
  }
  if (httpStatus === 409) {
    return conflict(status, subject);
  }
  const refused = UNREADABLE_OBJECT.test(status.message ?? '');
  if (!refused && (httpStatus === 429 || httpStatus >= 500)) {
    return new StepFailure(
      `The cluster "${cluster}" cannot answer for ${object} right now (${httpStatus}): ${said}`,
      { code: 'KUBERNETES_UNAVAILABLE', transient: true },
    );
  }
  return new StepFailure(
    `The cluster "${cluster}" refuses ${object}: ${said}`,
    { code: 'KUBERNETES_INVALID' },
  );
}

function conflict(status: ApiStatus, subject: RequestSubject): StepFailure {
  const fields = (status.details?.causes ?? [])
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ field, message }) => {
      const manager = /conflict with "([^"]*)"/.exec(message ?? '')?.[1];
      return `"${field}" belongs to "${manager ?? 'another manager'}"`;
    });
  if (fields.length === 0) {
    return new StepFailure(
      `${subject.object} was changed by someone else at the same moment: ${serverMessage(status, subject)}`,
      { code: 'KUBERNETES_CONFLICT', transient: true },
    );
  }
  return new StepFailure(
    `${subject.object} has fields that someone else manages: ${fields.join('; ')}. Leave them out of the manifest, or take them over with "force: true".`,
    { code: 'KUBERNETES_CONFLICT' },
  );
}

/** The server repeats values it does not like; not those of a Secret. */
function serverMessage(status: ApiStatus, subject: RequestSubject): string {
  if (subject.confidential) {
    const fields = (status.details?.causes ?? [])
      .map(({ field }) => field)
      .filter(field => field !== undefined);
    return `${status.reason ?? 'no reason given'}${fields.length > 0 ? ` (${fields.join(', ')})` : ''}. The message is left out because the object holds secrets.`;
  }
  const text = status.message ?? status.reason ?? 'no reason given';
  return text.slice(0, MAX_SERVER_MESSAGE).replace(/[.\s]*$/, '.');
}

const TLS_ERROR =
  /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/;

/** Turns a request that got no answer into words and a stable code. */
export function toConnectionFailure(
  error: unknown,
  cluster: string,
): StepFailure {
  const { code, message } = rootCause(error);
  if (TLS_ERROR.test(code ?? '')) {
    return new StepFailure(
      `The certificate of the cluster "${cluster}" is not trusted (${code}). Set "caData" of the cluster in the app-config.`,
      { code: 'KUBERNETES_TLS' },
    );
  }
  return new StepFailure(
    `The cluster "${cluster}" cannot be reached: ${code ?? message}. Check its address and whether it is running.`,
    { code: 'KUBERNETES_UNREACHABLE', transient: true },
  );
}

function rootCause(error: unknown): { code?: string; message: string } {
  let current = error;
  for (let depth = 0; depth < 5; depth += 1) {
    const { cause, errors } = (current ?? {}) as {
      cause?: unknown;
      errors?: unknown[];
    };
    const next = cause ?? errors?.[0];
    if (next === undefined) {
      break;
    }
    current = next;
  }
  const { code, message } = (current ?? {}) as {
    code?: unknown;
    message?: unknown;
  };
  return {
    code: typeof code === 'string' ? code : undefined,
    message: typeof message === 'string' ? message : String(current),
  };
}
