import { InputError } from '@backstage/errors';
import {
  DefinitionFile,
  DefinitionLocation,
} from '@innominatus/backstage-plugin-innominatus-node';
import { GitConfig } from '../readGitConfig';
import { GitMirror } from './GitMirror';
import { GitRef, parseGitRef, refText } from './gitRef';
import { sameRepository } from './sameRepository';

const MAX_FILES = 1000;
const MAX_FILE_BYTES = 1024 * 1024;
/** What one answer of Git may hold, with room for what it writes between. */
const MAX_TOTAL_BYTES = 7 * 1024 * 1024;
const DEFINITION_FILE = /\.ya?ml$/;

export interface GitLocationOptions {
  url: URL;
  ref: GitRef;
  /** Folder or file in the repository; empty for all of it. */
  path: string;
  refreshMs: number;
  cacheDirectory: string;
  config: GitConfig;
}

interface ReadOptions {
  signal?: AbortSignal;
}

/** The YAML files of a repository at a branch, tag or commit. */
export class GitLocation implements DefinitionLocation {
  readonly target: string;
  readonly ref: string | undefined;
  readonly refreshMs: number;
  readonly #options: GitLocationOptions;
  /** What the ref named at the last read; a tag may be an object of its own. */
  #seen: string | undefined;
  #commit: string | undefined;

  static create(options: GitLocationOptions): GitLocation {
    return new GitLocation(options);
  }

  private constructor(options: GitLocationOptions) {
    const { url, path, ref, refreshMs } = options;
    this.#options = options;
    this.target = path === '' ? url.href : `${url.href}/${path}`;
    this.ref = nameOf(ref);
    this.refreshMs = refreshMs;
  }

  async read(options: ReadOptions = {}): Promise<DefinitionFile[] | undefined> {
    const { ref } = this.#options;
    if (ref.type === 'commit' && this.#seen === ref.id) {
      return undefined;
    }
    return this.#use(options, async mirror => {
      const id = await mirror.resolve(ref);
      if (id === this.#seen) {
        return undefined;
      }
      const commit = await mirror.fetch(id);
      const files = await this.#filesOf(mirror, commit);
      await mirror.remember(this.#name, commit);
      this.#seen = id;
      this.#commit = commit;
      return files;
    });
  }

  async readCached(): Promise<DefinitionFile[] | undefined> {
    return this.#use({}, async mirror => {
      const commit = await mirror.remembered(this.#name);
      if (commit === undefined) {
        return undefined;
      }
      const files = await this.#filesOf(mirror, commit);
      this.#commit = commit;
      return files;
    });
  }

  async readRef(
    text: string,
    options: ReadOptions = {},
  ): Promise<DefinitionFile[]> {
    const ref = parseGitRef(text);
    if (!ref) {
      throw new InputError(
        `"${text.slice(0, 100)}" is no branch, tag or commit. Expected a name such as "main" or the full id of a commit.`,
      );
    }
    return this.#use(options, async mirror =>
      this.#filesOf(mirror, await mirror.fetch(await mirror.resolve(ref))),
    );
  }

  revision(): string | undefined {
    return this.#commit;
  }

  isAt(addresses: readonly string[]): boolean {
    return addresses.some(address =>
      sameRepository(address, this.#options.url.href),
    );
  }

  get #name(): string {
    const { ref, path } = this.#options;
    return `${refText(ref)} ${path}`;
  }

  #use<T>(
    { signal }: ReadOptions,
    work: (mirror: GitMirror) => Promise<T>,
  ): Promise<T> {
    const { cacheDirectory, url, config } = this.#options;
    return GitMirror.use({ cacheDirectory, url, config, signal }, work);
  }

  async #filesOf(mirror: GitMirror, commit: string): Promise<DefinitionFile[]> {
    const { url, path } = this.#options;
    const entries = (await mirror.list(commit, path)).filter(entry =>
      DEFINITION_FILE.test(entry.path),
    );
    if (entries.length === 0) {
      throw new InputError(
        `There are no YAML files in "${this.target}" at commit ${commit}. Check "path" and the branch, tag or commit.`,
      );
    }
    if (entries.length > MAX_FILES) {
      throw new InputError(
        `"${this.target}" has ${entries.length} YAML files, at most ${MAX_FILES} are read. Name the folder of the definitions in "path".`,
      );
    }
    const large = entries.find(({ size }) => size > MAX_FILE_BYTES);
    if (large) {
      throw new InputError(
        `The file "${large.path}" of "${url.href}" has ${large.size} bytes, at most ${MAX_FILE_BYTES} are read. Split it.`,
      );
    }
    const total = entries.reduce((sum, { size }) => sum + size, 0);
    if (total > MAX_TOTAL_BYTES) {
      throw new InputError(
        `The YAML files of "${this.target}" have ${total} bytes together, at most ${MAX_TOTAL_BYTES} are read. Name the folder of the definitions in "path".`,
      );
    }
    const texts = await mirror.read(entries);
    return entries.map((entry, index) => ({
      name: `${url.href}/${entry.path}`,
      text: texts[index],
    }));
  }
}

function nameOf(ref: GitRef): string | undefined {
  if (ref.type === 'head') {
    return undefined;
  }
  return ref.type === 'commit' ? ref.id : ref.name;
}
