import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';

const START_TIMEOUT_MS = 60_000;

/** The server of the npm package, where there is one for this platform. */
export function restateServerBinary(): string | undefined {
  try {
    const binary = require.resolve(
      `@restatedev/restate-server-${platform()}-${arch()}/bin/restate-server`,
    );
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

interface Ports {
  ingress: number;
  admin: number;
  node: number;
}

export interface RestateNodeOptions {
  name: string;
  folder: string;
  ports: Ports;
  clusterName: string;
  /** Of all nodes; a node alone needs none. */
  peers?: string[];
  /** Creates the cluster. */
  provisions: boolean;
  privateKey?: string;
}

/** One process of a Restate server, in a folder of its own. */
export class RestateNode {
  readonly #options: RestateNodeOptions;
  #process: ChildProcess | undefined;
  #output = '';

  static create(options: RestateNodeOptions): RestateNode {
    return new RestateNode(options);
  }

  private constructor(options: RestateNodeOptions) {
    this.#options = options;
  }

  get ingressUrl(): string {
    return `http://127.0.0.1:${this.#options.ports.ingress}`;
  }

  get adminUrl(): string {
    return `http://127.0.0.1:${this.#options.ports.admin}`;
  }

  /** What the server printed since its last start. */
  get output(): string {
    return this.#output;
  }

  async start(): Promise<void> {
    const binary = restateServerBinary();
    if (!binary) {
      throw new Error('There is no Restate server for this platform');
    }
    const file = join(this.#options.folder, `${this.#options.name}.toml`);
    await writeFile(file, toToml(this.#options));
    this.#output = '';
    const child = spawn(binary, ['--config-file', file, '--no-logo'], {
      cwd: this.#options.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: this.#options.folder,
        // Whatever asks home is told not to.
        DO_NOT_TRACK: '1',
        RESTATE_DISABLE_TELEMETRY: 'true',
      },
    });
    const keep = (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-200_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    this.#process = child;
  }

  /** Resolves when it answers. */
  async ready(): Promise<void> {
    const end = performance.now() + START_TIMEOUT_MS;
    for (const url of [
      `${this.ingressUrl}/restate/health`,
      `${this.adminUrl}/health`,
    ]) {
      for (;;) {
        const response = await fetch(url).catch(() => undefined);
        if (response?.ok) {
          break;
        }
        if (this.#process?.exitCode !== null || performance.now() > end) {
          throw new Error(
            `The Restate server did not start: ${this.#output.slice(-3000)}`,
          );
        }
        await new Promise(resolve => setTimeout(resolve, 100));
      }
    }
  }

  /** As a power cut would; `start` brings it back with what it had on disk. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
}

/** One node or several, gone without a trace when they are stopped. */
export class RestateServer {
  readonly nodes: RestateNode[];
  readonly #folder: string;

  static async start(
    options: { nodes?: number; privateKey?: string } = {},
  ): Promise<RestateServer> {
    const folder = await mkdtemp(join(tmpdir(), 'innominatus-restate-'));
    const count = options.nodes ?? 1;
    const names = Array.from({ length: count }, (_, i) => `node-${i + 1}`);
    // All at once, or else the system gives the same ones out again.
    const free = await freePorts(3 * count);
    const ports: Ports[] = names.map((_, i) => ({
      ingress: free[3 * i],
      admin: free[3 * i + 1],
      node: free[3 * i + 2],
    }));
    const peers = ports.map(({ node }) => `http://127.0.0.1:${node}`);
    const nodes = names.map((name, i) =>
      RestateNode.create({
        name,
        folder,
        ports: ports[i],
        clusterName: 'innominatus-test',
        peers: count > 1 ? peers : undefined,
        provisions: i === 0,
        privateKey: options.privateKey,
      }),
    );
    const server = new RestateServer(nodes, folder);
    try {
      for (const node of nodes) {
        await node.start();
      }
      await Promise.all(nodes.map(node => node.ready()));
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  private constructor(nodes: RestateNode[], folder: string) {
    this.nodes = nodes;
    this.#folder = folder;
  }

  get ingressUrl(): string {
    return this.nodes[0].ingressUrl;
  }

  get adminUrl(): string {
    return this.nodes[0].adminUrl;
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(node => node.kill()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function toToml(options: RestateNodeOptions): string {
  const { clusterName, folder, name, peers, ports, provisions, privateKey } =
    options;
  const quote = JSON.stringify;
  const replicas = peers ? 2 : 1;
  return [
    `node-name = ${quote(name)}`,
    `cluster-name = ${quote(clusterName)}`,
    `base-dir = ${quote(folder)}`,
    `auto-provision = ${provisions}`,
    'listen-mode = "tcp"',
    'bind-ip = "127.0.0.1"',
    `bind-address = "127.0.0.1:${ports.node}"`,
    `advertised-address = "http://127.0.0.1:${ports.node}"`,
    'default-num-partitions = 4',
    `default-replication = ${replicas}`,
    'rocksdb-total-memory-size = "256.0 MiB"',
    'log-filter = "warn"',
    'log-disable-ansi-codes = true',
    'disable-telemetry = true',
    'shutdown-timeout = "5s"',
    '[metadata-client]',
    `addresses = ${quote(peers ?? [`http://127.0.0.1:${ports.node}`])}`,
    '[ingress]',
    `bind-address = "127.0.0.1:${ports.ingress}"`,
    `advertised-address = "http://127.0.0.1:${ports.ingress}"`,
    '[admin]',
    `bind-address = "127.0.0.1:${ports.admin}"`,
    `advertised-address = "http://127.0.0.1:${ports.admin}"`,
    'disable-web-ui = true',
    ...(privateKey
      ? [
          '[worker.invoker]',
          `request-identity-private-key-pem-file = ${quote(privateKey)}`,
        ]
      : []),
    '',
  ].join('\n');
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer();
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map(
    server => (server.address() as { port: number }).port,
  );
  await Promise.all(
    servers.map(server => new Promise(resolve => server.close(resolve))),
  );
  return ports;
}
