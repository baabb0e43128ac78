import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Generous: on a busy machine it is mostly the start that takes long. */
const LONGEST_START_MS = 30_000;

/** Backend processes that die in all the ways in which processes die. */
export class Fleet {
  readonly #command: string[];
  readonly #backends: ChildProcess[] = [];
  #closed = false;
  readonly #ready = new WeakMap<ChildProcess, Promise<unknown>>();

  /** `command` are the arguments of Node. */
  static start(options: { command: string[]; size: number }): Fleet {
    const fleet = new Fleet(options.command);
    for (let i = 0; i < options.size; i++) {
      fleet.#backends.push(fleet.#spawn());
    }
    return fleet;
  }

  private constructor(command: string[]) {
    this.#command = command;
  }

  get size(): number {
    return this.#backends.length;
  }

  /** Resolves when the backend works, or takes too long to get there. */
  async ready(i: number): Promise<void> {
    await Promise.race([
      this.#ready.get(this.#backends[i]),
      new Promise(resolve => setTimeout(resolve, LONGEST_START_MS)),
    ]);
  }

  pid(i: number): number | undefined {
    return this.#backends[i].pid;
  }

  /** `kill -9`, and a new one takes the place. */
  async kill(i: number): Promise<void> {
    await this.#end(i, 'SIGKILL');
  }

  /** Asks to stop in good order, and a new one takes the place. */
  async stop(i: number): Promise<void> {
    await this.#end(i, 'SIGTERM');
  }

  /** Stands still for a time, and then goes on as if nothing had happened. */
  stall(i: number, ms: number): void {
    const backend = this.#backends[i];
    backend.kill('SIGSTOP');
    setTimeout(() => backend.kill('SIGCONT'), ms);
  }

  /** Hands a message to a backend; nobody knows whether it arrives. */
  send(i: number, message: object): void {
    const backend = this.#backends[i];
    if (backend.connected) {
      backend.send(message, () => {});
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      this.#backends.map(backend => endProcess(backend, 'SIGKILL')),
    );
  }

  async #end(i: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const old = this.#backends[i];
    // The next one warms up while the old one still works.
    this.#backends[i] = this.#spawn();
    await endProcess(old, signal);
  }

  #spawn(): ChildProcess {
    const child = spawn(process.execPath, this.#command, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('error', () => {});
    child.once('exit', code => {
      const place = this.#backends.indexOf(child);
      // It found no database when it started, for example.
      if (code === 1 && place !== -1 && !this.#closed) {
        this.#backends[place] = this.#spawn();
      }
    });
    this.#ready.set(
      child,
      new Promise(resolve => {
        child.once('message', resolve);
        child.once('exit', resolve);
      }),
    );
    return child;
  }
}

async function endProcess(
  child: ChildProcess,
  signal: 'SIGKILL' | 'SIGTERM',
): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }
}
