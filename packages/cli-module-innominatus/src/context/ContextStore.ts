import { randomUUID } from 'node:crypto';
import {
  chmod,
  mkdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { CliError, UsageError } from '../framework/errors';

/** How the token of a context was had. */
export type ContextKind = 'guest' | 'token';

/** A portal the person works with. */
export interface SavedContext {
  name: string;
  url: string;
  kind?: ContextKind;
  token?: string;
  /** Milliseconds since the epoch. */
  expiresAt?: number;
  user?: string;
}

/** The content of the file. */
export interface ContextFile {
  version: 1;
  current?: string;
  contexts: SavedContext[];
}

const EMPTY: ContextFile = { version: 1, contexts: [] };
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/**
 * Keeps contexts in one file that only its owner can read. Every change is
 * written to a new file which then replaces the old one, so a crash or a
 * second command never leaves half a file behind.
 */
export class ContextStore {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  static create(env: Record<string, string | undefined>): ContextStore {
    const base =
      env.XDG_CONFIG_HOME || path.join(env.HOME || homedir(), '.config');
    return new ContextStore(path.join(base, 'innominatus', 'config.json'));
  }

  get file(): string {
    return this.#file;
  }

  async read(): Promise<ContextFile> {
    let text: string;
    try {
      text = await readFile(this.#file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return EMPTY;
      }
      throw new CliError(`Cannot read "${this.#file}": ${error}`, {
        cause: error,
      });
    }
    const content = parse(text);
    if (!content) {
      throw new CliError(
        `"${this.#file}" is not a file of innominatus, or it is damaged.`,
        { next: 'Remove it and sign in again: innominatus login' },
      );
    }
    return content;
  }

  /** Reads, changes and replaces the file. */
  async update(change: (content: ContextFile) => ContextFile): Promise<void> {
    const folder = path.dirname(this.#file);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    const content = change(await this.read());
    const temporary = `${this.#file}.${randomUUID()}`;
    try {
      await writeFile(temporary, `${JSON.stringify(content, undefined, 2)}\n`, {
        mode: 0o600,
        flag: 'wx',
      });
      await rename(temporary, this.#file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw new CliError(`Cannot write "${this.#file}": ${error}`, {
        cause: error,
      });
    }
  }

  /** Adds a context, or replaces the one of the same name. */
  async save(context: SavedContext, makeCurrent: boolean): Promise<void> {
    checkName(context.name);
    await this.update(content => ({
      ...content,
      current: makeCurrent ? context.name : content.current,
      contexts: [
        ...content.contexts.filter(({ name }) => name !== context.name),
        context,
      ].sort((a, b) => a.name.localeCompare(b.name)),
    }));
  }
}

function checkName(name: string): void {
  if (!NAME.test(name)) {
    throw new UsageError(
      `"${name}" cannot be the name of a context: use letters, digits, dots, dashes and underscores, at most 63.`,
    );
  }
}

function parse(text: string): ContextFile | undefined {
  try {
    const content = JSON.parse(text) as Partial<ContextFile>;
    const valid =
      content.version === 1 &&
      Array.isArray(content.contexts) &&
      content.contexts.every(
        ({ name, url }) => typeof name === 'string' && typeof url === 'string',
      );
    return valid ? (content as ContextFile) : undefined;
  } catch {
    return undefined;
  }
}
