import {
  HttpMethod,
  IsomorphicFetchHttpLibrary,
  KubeConfig,
  RequestContext,
  ResponseContext,
} from '@kubernetes/client-node';
import { toConnectionFailure } from './errors';

const REQUEST_TIMEOUT_MS = 30_000;

/** One request to the API server. */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
  contentType?: string;
}

export interface ApiResponse {
  status: number;
  body: unknown;
}

export interface ApiTransportOptions {
  cluster: string;
  kubeConfig: KubeConfig;
  signal: AbortSignal;
}

/**
 * Sends requests with the credentials and certificates of a kubeconfig.
 *
 * @remarks
 * The generated clients send only the fields that their release knows and
 * drop the others without a word. Manifests are passed on as they are, so
 * that the server judges them; what is used of the library is everything
 * that leads to the server.
 */
export class ApiTransport {
  readonly #options: ApiTransportOptions;
  readonly #http = new IsomorphicFetchHttpLibrary();
  #dispatcher: ReturnType<RequestContext['getDispatcher']>;

  static create(options: ApiTransportOptions): ApiTransport {
    return new ApiTransport(options);
  }

  private constructor(options: ApiTransportOptions) {
    this.#options = options;
  }

  async send(request: ApiRequest): Promise<ApiResponse> {
    const { cluster, signal } = this.#options;
    signal.throwIfAborted();
    try {
      const context = await this.#prepare(request);
      const response = await this.#http.send(context).toPromise();
      return {
        status: response.httpStatusCode,
        body: await readBody(response),
      };
    } catch (error) {
      signal.throwIfAborted();
      throw toConnectionFailure(error, cluster);
    }
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    await this.#dispatcher?.destroy();
  }

  async #prepare(request: ApiRequest): Promise<RequestContext> {
    const { kubeConfig, signal } = this.#options;
    const server = kubeConfig.getCurrentCluster()?.server ?? '';
    const context = new RequestContext(
      `${server.replace(/\/+$/, '')}${request.path}`,
      HttpMethod[request.method],
    );
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) {
        context.setQueryParam(name, value);
      }
    }
    context.setHeaderParam('Accept', 'application/json');
    if (request.body !== undefined) {
      context.setHeaderParam(
        'Content-Type',
        request.contentType ?? 'application/json',
      );
      context.setBody(JSON.stringify(request.body));
    }
    await kubeConfig.applySecurityAuthentication(context);
    // The library makes new connections for each request; keep the first ones.
    this.#dispatcher ??= context.getDispatcher();
    if (this.#dispatcher !== undefined) {
      context.setDispatcher(this.#dispatcher);
    }
    context.setSignal(
      AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    );
    return context;
  }
}

async function readBody(response: ResponseContext): Promise<unknown> {
  const text = await response.body.text();
  try {
    return JSON.parse(text);
  } catch {
    // A proxy in between answers in its own words.
    return { message: text.slice(0, 200) };
  }
}
