import { createParser } from 'eventsource-parser';
import { InnominatusClientOptions, RequestOptions, send } from './request';

/** One event of a stream. @public */
export interface StreamEvent<T> {
  id?: string;
  event: string;
  data: T;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

/**
 * Reads a stream of server-sent events until the backend says `end`. When the
 * connection breaks it connects again and goes on after the last id, so that
 * nothing is missing and nothing comes twice.
 */
export async function* readStream<T>(
  client: InnominatusClientOptions,
  options: RequestOptions,
): AsyncGenerator<StreamEvent<T>> {
  let lastId: string | undefined;
  let retryMs = FIRST_RETRY_MS;
  for (;;) {
    let opened = false;
    try {
      const response = await send(client, {
        ...options,
        headers: {
          ...options.headers,
          accept: 'text/event-stream',
          ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
        },
      });
      opened = true;
      retryMs = FIRST_RETRY_MS;
      for await (const event of parseEvents<T>(response)) {
        if (event.event === 'end') {
          return;
        }
        lastId = event.id ?? lastId;
        yield event;
      }
    } catch (error) {
      if (options.signal?.aborted) {
        return;
      }
      if (!opened && isFinal(error)) {
        throw error;
      }
    }
    if (options.signal?.aborted) {
      return;
    }
    await delay(retryMs, options.signal);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  }
}

/** An answer below 500 will not change by asking again, except 429. */
function isFinal(error: unknown): boolean {
  const status = (error as { status?: unknown }).status;
  return typeof status === 'number' && status < 500 && status !== 429;
}

async function* parseEvents<T>(
  response: Response,
): AsyncGenerator<StreamEvent<T>> {
  if (!response.body) {
    return;
  }
  const queue: StreamEvent<T>[] = [];
  const parser = createParser({
    onEvent: message => {
      queue.push({
        id: message.id,
        event: message.event ?? 'message',
        data: JSON.parse(message.data || 'null') as T,
      });
    },
  });
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      parser.feed(decoder.decode(value, { stream: true }));
      yield* queue.splice(0);
    }
  } finally {
    // Ends the request when the reader of the stream stops early.
    await reader.cancel().catch(() => {});
  }
}

function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const over = new AbortController();
    const timer = setTimeout(() => {
      over.abort();
      resolve();
    }, ms);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true, signal: over.signal },
    );
  });
}
