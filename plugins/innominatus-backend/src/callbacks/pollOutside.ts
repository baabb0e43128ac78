import {
  JsonObject,
  JsonValue,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { HostAllowList } from '../stepTypes/hostAllowList';
import { readAnswer, readOutputs, valueAt } from '../stepTypes/httpAnswer';
import { sendHttpRequest } from '../stepTypes/httpRequest';
import { PollConfig } from './delegatedConfig';

const TIMEOUT_MS = 30_000;
const LONGEST_TEXT = 500;

/** What a system outside says about its work. */
export type Outside =
  | { kind: 'open'; message?: string; link?: string }
  | { kind: 'succeeded'; outputs: Record<string, JsonValue> }
  | { kind: 'failed'; message?: string };

/**
 * Asks a system outside how far it is. That it cannot be asked just now says
 * nothing about its work: the next look may tell.
 */
export async function pollOutside(
  context: Pick<StepContext<unknown>, 'log' | 'resolveSecrets' | 'signal'>,
  config: PollConfig,
  allowList: HostAllowList,
): Promise<Outside> {
  const { log, signal } = context;
  const { url, headers = {} } = (await context.resolveSecrets({
    url: config.url,
    headers: config.headers ?? {},
  })) as { url: string; headers?: Record<string, string> };
  let answer;
  try {
    answer = await sendHttpRequest({
      url,
      headers,
      method: 'GET',
      allowList,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  } catch (error) {
    signal.throwIfAborted();
    if ((error as Error).name === 'StepFailure') {
      throw error;
    }
    log.warn(
      `The system outside could not be asked: ${(error as Error).message}`,
    );
    return { kind: 'open' };
  }
  if (answer.status === 429 || answer.status >= 500) {
    log.warn(`${answer.address} answered ${answer.status}; asking again later`);
    return { kind: 'open' };
  }
  if (answer.status < 200 || answer.status >= 300) {
    throw new StepFailure(
      `${answer.address} answered ${answer.status} when it was asked how far it is, expected 2xx.`,
      { code: 'HTTP_STATUS_UNEXPECTED' },
    );
  }
  const body = readAnswer(answer, 'config.poll');
  return read(body, config, () =>
    readOutputs(answer, config.outputs ?? {}, 'config.poll.outputs'),
  );
}

function read(
  body: JsonValue,
  config: PollConfig,
  outputs: () => JsonObject,
): Outside {
  const status = String(valueAt(body, config.status) ?? '');
  const message = textAt(body, config.message);
  if (config.succeeded.includes(status)) {
    return { kind: 'succeeded', outputs: outputs() };
  }
  if (config.failed?.includes(status)) {
    return { kind: 'failed', message: message ?? `It is "${status}".` };
  }
  return { kind: 'open', message, link: textAt(body, config.link) };
}

function textAt(body: JsonValue, path: string | undefined): string | undefined {
  const value = path === undefined ? undefined : valueAt(body, path);
  return typeof value === 'string' && value !== ''
    ? value.slice(0, LONGEST_TEXT)
    : undefined;
}
