import {
  CallOptions,
  InnominatusClientOptions,
  Query,
  StartOptions,
  pathOf,
  send,
  sendJson,
} from '../request';
import { StreamEvent, readStream } from '../stream';
import { Page } from '../types';

/** Options of every list. @public */
export interface ListOptions extends CallOptions {
  limit?: number;
  cursor?: string;
  sort?: string;
  count?: boolean;
}

/**
 * What the calls of every noun are made of. The nouns are a chain of classes,
 * one file each, so that the client is one flat object of methods.
 *
 * @public
 */
export abstract class ApiCalls {
  readonly #options: InnominatusClientOptions;

  constructor(options: InnominatusClientOptions) {
    this.#options = options;
  }

  protected get<T>(
    segments: string[],
    query: Query,
    call?: CallOptions,
  ): Promise<T> {
    return sendJson<T>(this.#options, {
      path: pathOf(...segments),
      query,
      signal: call?.signal,
    });
  }

  protected post<T>(
    segments: string[],
    body: object,
    call?: StartOptions,
  ): Promise<T> {
    return sendJson<T>(this.#options, {
      method: 'POST',
      path: pathOf(...segments),
      body,
      signal: call?.signal,
      headers: call?.idempotencyKey
        ? { 'idempotency-key': call.idempotencyKey }
        : undefined,
    });
  }

  /** A POST that answers nothing. */
  protected async send(
    segments: string[],
    body: object,
    call?: CallOptions,
  ): Promise<void> {
    await send(this.#options, {
      method: 'POST',
      path: pathOf(...segments),
      body,
      signal: call?.signal,
    });
  }

  /** A call of one version of something, or one that asks for its version. */
  protected async change<T>(
    method: 'GET' | 'PUT' | 'DELETE',
    segments: string[],
    body: object | undefined,
    call?: CallOptions & { version?: string },
  ): Promise<{ body: T; etag: string | undefined }> {
    const response = await send(this.#options, {
      method,
      path: pathOf(...segments),
      body,
      signal: call?.signal,
      headers:
        call?.version === undefined ? undefined : { 'if-match': call.version },
    });
    return {
      body: (await response.json()) as T,
      etag: response.headers.get('etag') ?? undefined,
    };
  }

  protected list<T>(
    segments: string[],
    options: ListOptions,
    filter: Record<string, string[] | undefined>,
  ): Promise<Page<T>> {
    const query: Query = {
      limit: options.limit,
      cursor: options.cursor,
      sort: options.sort,
      count: options.count,
    };
    for (const [field, values] of Object.entries(filter)) {
      query[`filter[${field}]`] = values;
    }
    return this.get(segments, query, { signal: options.signal });
  }

  protected follow<T>(options: {
    path: string;
    query?: Query;
    signal?: AbortSignal;
  }): AsyncGenerator<StreamEvent<T>> {
    return readStream<T>(this.#options, options);
  }
}
