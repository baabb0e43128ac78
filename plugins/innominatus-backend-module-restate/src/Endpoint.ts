import { LoggerService } from '@backstage/backend-plugin-api';
import {
  createEndpointHandler,
  EndpointOptions,
  LoggerTransport,
} from '@restatedev/restate-sdk';
import { createServer, Http2Server, ServerHttp2Session } from 'node:http2';
import { AddressInfo } from 'node:net';

export interface RestateEndpointOptions {
  listen: { host: string; port: number };
  identityKeys: string[];
  services: EndpointOptions['services'];
  logger: LoggerService;
}

/** Waits for Restate on a port of its own, over HTTP/2. */
export class Endpoint {
  readonly #options: RestateEndpointOptions;
  readonly #server: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();

  static create(options: RestateEndpointOptions): Endpoint {
    return new Endpoint(options);
  }

  private constructor(options: RestateEndpointOptions) {
    const { identityKeys, logger, services } = options;
    this.#options = options;
    this.#server = createServer(
      createEndpointHandler({
        services,
        identityKeys: identityKeys.length > 0 ? identityKeys : undefined,
        logger: createTransport(logger),
      }),
    );
    this.#server.on('session', session => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
    });
  }

  /** Answers the address. */
  async start(): Promise<string> {
    const { host, port } = this.#options.listen;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const { port: bound } = this.#server.address() as AddressInfo;
    return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  }

  /** What still waits here is carried on wherever Restate finds a backend. */
  async stop(): Promise<void> {
    const closed = new Promise<void>(resolve => {
      this.#server.close(() => resolve());
    });
    this.#sessions.forEach(session => session.destroy());
    await closed;
  }
}

/** The SDK tells much about single requests, which only helps when one looks. */
function createTransport(logger: LoggerService): LoggerTransport {
  return ({ level, replaying }, message, ...rest) => {
    if (replaying) {
      return;
    }
    const text = [message, ...rest]
      .map(part => (part instanceof Error ? part.message : String(part)))
      .join(' ');
    if (level === 'error' || level === 'warn') {
      logger.warn(`Restate: ${text}`);
    } else {
      logger.debug(`Restate: ${text}`);
    }
  };
}
