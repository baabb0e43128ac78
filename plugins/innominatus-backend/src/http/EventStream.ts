import { Request, Response } from 'express';

const HEARTBEAT_MS = 15_000;

export interface ServerSentEvent {
  id?: string | number;
  event: string;
  data: unknown;
}

/**
 * A stream of server-sent events that reaches the reader at once: compression
 * and proxies are told not to hold it back, and every event is flushed.
 */
export class EventStream {
  readonly #response: Response;
  readonly #closed = new AbortController();
  readonly #heartbeat: NodeJS.Timeout;

  static open(request: Request, response: Response): EventStream {
    return new EventStream(request, response);
  }

  private constructor(request: Request, response: Response) {
    this.#response = response;
    request.socket.setNoDelay(true);
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      Connection: 'keep-alive',
      'X-Accel-Buffering': 'no',
    });
    this.#heartbeat = setInterval(
      () => this.#write(': heartbeat\n\n'),
      HEARTBEAT_MS,
    );
    response.on('close', () => this.#end());
    this.#write(': open\n\n');
  }

  /** Aborts when the reader went away or the stream was closed. */
  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  /** Resolves when the reader keeps up again. */
  async send(event: ServerSentEvent): Promise<void> {
    const id = event.id === undefined ? '' : `id: ${singleLine(event.id)}\n`;
    const written = this.#write(
      `${id}event: ${singleLine(event.event)}\ndata: ${JSON.stringify(event.data)}\n\n`,
    );
    if (!written && !this.signal.aborted) {
      await new Promise<void>(resolve => {
        const done = () => {
          this.#response.off('drain', done);
          this.signal.removeEventListener('abort', done);
          resolve();
        };
        this.#response.on('drain', done);
        this.signal.addEventListener('abort', done);
      });
    }
  }

  /** Says that nothing more follows; the reader does not come back. */
  async finish(): Promise<void> {
    await this.send({ event: 'end', data: {} });
    this.close();
  }

  close(): void {
    this.#end();
    this.#response.end();
  }

  #write(text: string): boolean {
    if (this.#response.writableEnded || this.signal.aborted) {
      return true;
    }
    const written = this.#response.write(text);
    // Added by the compression middleware.
    const { flush } = this.#response as { flush?: () => void };
    flush?.call(this.#response);
    return written;
  }

  #end(): void {
    clearInterval(this.#heartbeat);
    this.#closed.abort();
  }
}

function singleLine(value: string | number): string {
  const text = String(value);
  if (/[\r\n\0]/.test(text)) {
    throw new Error('The id and the name of an event must be a single line');
  }
  return text;
}
