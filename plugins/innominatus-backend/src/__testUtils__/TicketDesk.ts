import { createHmac } from 'node:crypto';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import request from 'supertest';

/** What was asked of the desk. */
export interface Ticket {
  size?: string;
  callback?: { url: string; secret: string };
}

/** A system outside: takes orders over HTTP, and people decide about them. */
export class TicketDesk {
  readonly tickets: Ticket[] = [];
  /** What it answers to who asks how far it is. */
  state: Record<string, unknown> = { state: 'open' };
  /** How often it was asked. */
  looks = 0;
  readonly #server: Server;

  static async start(): Promise<TicketDesk> {
    const desk = new TicketDesk();
    await new Promise<void>(resolve => {
      desk.#server.listen(0, '127.0.0.1', resolve);
    });
    return desk;
  }

  private constructor() {
    this.#server = createServer(async (incoming, response) => {
      response.setHeader('content-type', 'application/json');
      if (incoming.method === 'GET') {
        this.looks += 1;
        response.end(JSON.stringify(this.state));
        return;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) {
        chunks.push(chunk as Buffer);
      }
      this.tickets.push(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      const key = `T-${this.tickets.length}`;
      response.end(
        JSON.stringify({ key, page: `https://desk.example/${key}` }),
      );
    });
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise(resolve => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }
}

export interface SendReportOptions {
  /** An Express app, or the address of a server. */
  app: Parameters<typeof request>[0];
  route: string;
  secret: string;
  body: string | object;
  /** Seconds since the epoch. */
  timestamp?: number;
  id?: string;
}

/** Sends a report as Standard Webhooks say. */
export function sendReport(options: SendReportOptions): request.Test {
  const { app, route, secret, id = 'message-1' } = options;
  const { timestamp = Math.floor(Date.now() / 1000) } = options;
  const body =
    typeof options.body === 'string'
      ? options.body
      : JSON.stringify(options.body);
  const signature = createHmac(
    'sha256',
    Buffer.from(secret.replace(/^whsec_/, ''), 'base64'),
  )
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
  return request(app)
    .post(route)
    .set('content-type', 'application/json')
    .set('webhook-id', id)
    .set('webhook-timestamp', String(timestamp))
    .set('webhook-signature', `v1,${signature}`)
    .send(body);
}
