import {
  AuditorService,
  AuditorServiceCreateEventOptions,
} from '@backstage/backend-plugin-api';

/** What is noted down of something that somebody wants to do. */
export type AuditedEvent = Required<
  Pick<AuditorServiceCreateEventOptions, 'eventId' | 'severityLevel' | 'meta'>
> &
  Pick<AuditorServiceCreateEventOptions, 'request'>;

/**
 * Does the work, and has the auditor note down that it was tried and what came
 * of it, also when it is refused. Callers name ids and reasons in the meta,
 * never parameters or other values that may be secret.
 */
export async function audited<T>(
  auditor: AuditorService,
  event: AuditedEvent,
  work: () => Promise<T>,
  toMeta?: (result: T) => AuditedEvent['meta'],
): Promise<T> {
  const noted = await auditor.createEvent(event);
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await noted.fail({
      error: error instanceof Error ? error : new Error(String(error)),
    });
    throw error;
  }
  await noted.success({ meta: toMeta?.(result) });
  return result;
}

/**
 * For what has to be allowed before somebody is asked who has the auditor note
 * down the work: only the refusal is noted here, as the same event.
 */
export async function refusalAudited<T>(
  auditor: AuditorService,
  event: AuditedEvent,
  check: () => Promise<T>,
): Promise<T> {
  try {
    return await check();
  } catch (error) {
    return audited(auditor, event, () => Promise.reject(error));
  }
}

/** For an answer that says where the run is that was started. */
export function startedRun(answer: {
  headers?: Record<string, string>;
}): AuditedEvent['meta'] {
  return { startedRun: answer.headers?.Location?.split('/').pop() };
}
