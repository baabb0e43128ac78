import {
  IncomingMessage,
  Server,
  ServerResponse,
  createServer,
} from 'node:http';
import { AddressInfo } from 'node:net';

/** A request as the backend saw it. */
export interface SeenRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown> | undefined;
}

type Handler = (
  request: SeenRequest,
  response: ServerResponse,
) => void | Promise<void>;

/**
 * Speaks HTTP like the backend for the routes a test gives it, and remembers
 * what it was asked.
 */
export class FakeBackend {
  readonly requests: SeenRequest[] = [];
  readonly #routes = new Map<string, Handler>();
  readonly #server: Server;

  static async start(): Promise<FakeBackend> {
    const backend = FakeBackend.create();
    await backend.listen();
    return backend;
  }

  static create(): FakeBackend {
    return new FakeBackend();
  }

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#handle(request, response);
    });
  }

  /** Begins anew: nothing was asked yet, and there are no routes. */
  async listen(): Promise<void> {
    this.requests.length = 0;
    this.#routes.clear();
    await new Promise<void>(resolve => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** @param route - For example `GET /v1/runs/42`, or a full path of another plugin. */
  on(route: string, handler: Handler | object): this {
    this.#routes.set(
      route,
      typeof handler === 'function'
        ? (handler as Handler)
        : (_, response) => sendJson(response, 200, handler),
    );
    return this;
  }

  seen(route: string): SeenRequest[] {
    return this.requests.filter(
      request => `${request.method} ${request.path}` === route,
    );
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }

  /** Cuts all connections and listens at the same address again after a while. */
  async restart(afterMs: number): Promise<void> {
    const { port } = new URL(this.url);
    await this.stop();
    await new Promise(resolve => {
      setTimeout(resolve, afterMs);
    });
    await new Promise<void>(resolve => {
      this.#server.listen(Number(port), '127.0.0.1', resolve);
    });
  }

  async #handle(
    incoming: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const url = new URL(incoming.url ?? '/', this.url);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) {
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    const request: SeenRequest = {
      method: incoming.method ?? '',
      path: url.pathname.replace(/^\/api\/innominatus/, ''),
      query: url.searchParams,
      headers: incoming.headers,
      body: text ? JSON.parse(text) : undefined,
    };
    this.requests.push(request);
    const handler = this.#routes.get(`${request.method} ${request.path}`);
    if (handler) {
      await handler(request, response);
    } else {
      sendProblem(response, {
        status: 404,
        code: 'NOT_FOUND',
        detail: `Nothing at ${request.method} ${request.path}`,
      });
    }
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

export function sendProblem(
  response: ServerResponse,
  problem: { status: number; code: string; detail: string; issues?: unknown[] },
): void {
  response.writeHead(problem.status, {
    'content-type': 'application/problem+json',
  });
  response.end(
    JSON.stringify({
      type: 'about:blank',
      title: problem.code,
      ...problem,
      error: { name: 'Error', message: problem.detail },
    }),
  );
}

/** Sends events and, unless told otherwise, ends the stream as the API does. */
export function sendEvents(
  response: ServerResponse,
  events: Array<{ id: number; event: string; data: unknown }>,
  options: { end: boolean } = { end: true },
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const { id, event, data } of events) {
    response.write(
      `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
    );
  }
  if (options.end) {
    response.end('event: end\ndata: {}\n\n');
  }
}
