import { InnominatusApiError } from './errors';

/**
 * How the client reaches the backend.
 *
 * @public
 */
export interface InnominatusClientOptions {
  /** Answers the URL of the plugin, for example `http://localhost:7007/api/innominatus`. */
  baseUrl: () => Promise<string>;
  /** `fetch` that adds the credentials. */
  fetch: typeof fetch;
}

/** What every call accepts beside its own options. @public */
export interface CallOptions {
  signal?: AbortSignal;
}

/** What a call accepts that starts something. @public */
export interface StartOptions extends CallOptions {
  /** The same key and request start one thing only. */
  idempotencyKey?: string;
}

/**
 * Query values; lists are joined by a comma, `undefined` is left out.
 *
 * @public
 */
export type Query = Record<
  string,
  string | number | boolean | readonly string[] | undefined
>;

export interface RequestOptions extends CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  query?: Query;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Joins path segments and escapes each of them. */
export function pathOf(...segments: string[]): string {
  return `/v1/${segments.map(encodeURIComponent).join('/')}`;
}

export async function send(
  client: InnominatusClientOptions,
  options: RequestOptions,
): Promise<Response> {
  const query = toQueryString(options.query ?? {});
  const response = await client.fetch(
    `${await client.baseUrl()}${options.path}${query}`,
    {
      method: options.method ?? 'GET',
      signal: options.signal,
      headers: {
        accept: 'application/json',
        ...(options.body === undefined
          ? {}
          : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      body:
        options.body === undefined ? undefined : JSON.stringify(options.body),
    },
  );
  if (!response.ok) {
    throw await InnominatusApiError.fromResponse(response);
  }
  return response;
}

export async function sendJson<T>(
  client: InnominatusClientOptions,
  options: RequestOptions,
): Promise<T> {
  const response = await send(client, options);
  return response.json() as Promise<T>;
}

function toQueryString(query: Query): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) {
      continue;
    }
    const text = typeof value === 'object' ? value.join(',') : String(value);
    if (text !== '') {
      search.set(key, text);
    }
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}
