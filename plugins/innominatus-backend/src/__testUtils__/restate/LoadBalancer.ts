import { connect, createServer, Server, Socket } from 'node:net';
import { AddressInfo } from 'node:net';

/**
 * One address for several workers, as a Service of Kubernetes is. A worker that
 * is taken out is gone for whoever talked to it, from one moment to the next.
 */
export class LoadBalancer {
  readonly #server: Server;
  readonly #targets = new Map<number, Set<Socket>>();
  #next = 0;

  static async start(): Promise<LoadBalancer> {
    const balancer = new LoadBalancer();
    await new Promise<void>(resolve => {
      balancer.#server.listen(0, '127.0.0.1', resolve);
    });
    return balancer;
  }

  private constructor() {
    this.#server = createServer(client => this.#forward(client));
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  add(port: number): void {
    this.#targets.set(port, new Set());
  }

  remove(port: number): void {
    const sockets = this.#targets.get(port);
    this.#targets.delete(port);
    sockets?.forEach(socket => socket.destroy());
  }

  async close(): Promise<void> {
    [...this.#targets.keys()].forEach(port => this.remove(port));
    await new Promise(resolve => this.#server.close(resolve));
  }

  #forward(client: Socket): void {
    const ports = [...this.#targets.keys()];
    if (ports.length === 0) {
      client.destroy();
      return;
    }
    this.#next += 1;
    const port = ports[this.#next % ports.length];
    const upstream = connect(port, '127.0.0.1');
    const sockets = this.#targets.get(port);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      sockets?.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets?.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
