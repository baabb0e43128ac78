import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProcessIdentity } from './processIdentity';

/** What the supervisor wrote when the program had ended. */
export interface RecordedExit {
  exitCode?: number;
  signal?: string;
  stoppedBy?: 'cancel' | 'time' | 'memory';
  outputTruncated: boolean;
  /** The program could not be started. */
  error?: { code?: string; message: string };
}

/** The files about one process; the supervisor describes them. */
export class StateDirectory {
  readonly path: string;

  /** Keys come from outside of this package, so they become hashes. */
  static of(root: string, key: string): StateDirectory {
    const [run] = key.split('/');
    return new StateDirectory(join(folderOfRun(root, run), hash(key)));
  }

  static at(path: string): StateDirectory {
    return new StateDirectory(path);
  }

  private constructor(path: string) {
    this.path = path;
  }

  get output(): string {
    return join(this.path, 'output');
  }

  /** Answers `false` when somebody else has created it before. */
  async create(machine: string): Promise<boolean> {
    // Filled before it appears, so that nobody sees it without its machine.
    const draft = `${this.path}.${randomUUID()}`;
    await mkdir(draft, { recursive: true, mode: 0o700 });
    await writeFile(join(draft, 'machine'), machine, { mode: 0o600 });
    try {
      await rename(draft, this.path);
      return true;
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      if (['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) {
        return false;
      }
      throw error;
    }
  }

  /** When it was created; `undefined` when it does not exist. */
  async createdAt(): Promise<number | undefined> {
    const info = await stat(join(this.path, 'machine')).catch(() => undefined);
    return info?.mtimeMs;
  }

  /** When a file in it last came or went. */
  async touchedAt(): Promise<number> {
    const info = await stat(this.path).catch(() => undefined);
    return info?.mtimeMs ?? Date.now();
  }

  machine(): Promise<string | undefined> {
    return this.#read('machine');
  }

  async supervisor(): Promise<ProcessIdentity | undefined> {
    return parse(await this.#read('supervisor.json'));
  }

  async program(): Promise<ProcessIdentity | undefined> {
    return parse(await this.#read('program.json'));
  }

  async exit(): Promise<RecordedExit | undefined> {
    return parse(await this.#read('exit.json'));
  }

  /**
   * Takes the place of a supervisor that never came. Answers `false` when it
   * has come after all; then the program runs.
   */
  async abandon(): Promise<boolean> {
    try {
      await writeFile(join(this.path, 'supervisor.json'), '{"pid":0}', {
        flag: 'wx',
        mode: 0o600,
      });
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') {
        return false;
      }
      throw error;
    }
  }

  /** How much of the output is in the log, in bytes. */
  async logged(): Promise<number> {
    return Number((await this.#read('logged')) ?? 0) || 0;
  }

  async setLogged(bytes: number): Promise<void> {
    const draft = join(this.path, `logged.${randomUUID()}`);
    await writeFile(draft, String(bytes), { mode: 0o600 });
    await rename(draft, join(this.path, 'logged'));
  }

  /** First out of the way in one step, so that nobody sees half of it. */
  async remove(): Promise<void> {
    const trash = `${this.path}.${randomUUID()}`;
    try {
      await rename(this.path, trash);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') {
        return;
      }
      throw error;
    }
    await rm(trash, { recursive: true, force: true });
  }

  async #read(name: string): Promise<string | undefined> {
    try {
      return await readFile(join(this.path, name), 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') {
        return undefined;
      }
      throw error;
    }
  }
}

/** Where the processes of a run are. */
export function folderOfRun(root: string, run: string): string {
  return join(root, hash(run));
}

export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** A file that is just being written reads as if it were not there yet. */
function parse<T>(text: string | undefined): T | undefined {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}
