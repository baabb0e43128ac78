import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { toGitFailure } from '../git/errors';
import { gitEnvironment } from '../git/gitEnvironment';
import { ProcessResult, runProcess } from '../git/runProcess';
import { GitConfig } from '../readGitConfig';
import { GitRef, refText, remoteNames } from './gitRef';

const TIMEOUT_MS = 120_000;
const MAX_PACKS = 50;

/** One entry of a tree. */
export interface GitEntry {
  path: string;
  id: string;
  size: number;
}

export interface GitMirrorOptions {
  /** Folder of all mirrors; only the user of the backend has access. */
  cacheDirectory: string;
  url: URL;
  config: GitConfig;
  signal?: AbortSignal;
}

/** Locations of one repository share its mirror and take turns. */
const turns = new Map<string, Promise<unknown>>();

/**
 * The commits of a repository that are needed, on the disk of the backend.
 *
 * Files are read out of the object database and never checked out, so that no
 * name in a repository leads anywhere on this machine. No ref is written while
 * fetching: processes that share the folder do not get in each other's way.
 */
export class GitMirror {
  readonly #options: GitMirrorOptions;
  readonly #directory: string;
  readonly #signal: AbortSignal;

  /** Nobody else works on the mirror in the meantime. */
  static async use<T>(
    options: GitMirrorOptions,
    work: (mirror: GitMirror) => Promise<T>,
  ): Promise<T> {
    const mirror = new GitMirror(options);
    const before = turns.get(mirror.#directory) ?? Promise.resolve();
    const turn = before
      .catch(() => {})
      .then(async () => {
        await mirror.#open();
        return work(mirror);
      });
    turns.set(mirror.#directory, turn);
    try {
      return await turn;
    } finally {
      if (turns.get(mirror.#directory) === turn) {
        turns.delete(mirror.#directory);
      }
    }
  }

  private constructor(options: GitMirrorOptions) {
    this.#options = options;
    const name = createHash('sha256').update(options.url.href).digest('hex');
    this.#directory = join(options.cacheDirectory, `${name.slice(0, 32)}.git`);
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    this.#signal = options.signal
      ? AbortSignal.any([options.signal, timeout])
      : timeout;
  }

  /** Id of the object that a ref names on the server now. */
  async resolve(ref: GitRef): Promise<string> {
    if (ref.type === 'commit') {
      return ref.id;
    }
    const { href } = this.#options.url;
    const names = remoteNames(ref);
    const { stdout } = await this.#must('Reading the refs', [
      'ls-remote',
      '--',
      href,
      ...names,
    ]);
    const ids = new Map(
      stdout.split('\n').map(line => {
        const [id, name] = line.split('\t');
        return [name, id];
      }),
    );
    const id = names.map(name => ids.get(name)).find(Boolean);
    if (id === undefined) {
      throw new StepFailure(
        `The repository "${href}" has no ${refText(ref).replace(/^(the|a) /, '')}. Create it, or name another one.`,
        { code: 'GIT_REF_MISSING' },
      );
    }
    return id;
  }

  /** Makes an object be here; answers the id of its commit. */
  async fetch(id: string): Promise<string> {
    const known = await this.#commitOf(id);
    if (known !== undefined) {
      return known;
    }
    await this.#limitPacks();
    const { href } = this.#options.url;
    const fetch = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head'];
    const one = await this.#run([...fetch, '--depth=1', '--', href, id]);
    if (one.exitCode !== 0) {
      if (
        !/not our ref|unadvertised object|no such remote ref/i.test(one.stderr)
      ) {
        throw toGitFailure(`Fetching "${href}"`, one.stderr);
      }
      // A server that hands out branches only; the commit may be behind one.
      await this.#must('Fetching the branches', [
        ...fetch,
        '--',
        href,
        '+refs/heads/*:refs/innominatus/heads/*',
      ]);
    }
    const fetched = await this.#commitOf(id);
    if (fetched === undefined) {
      throw new StepFailure(
        `The repository "${href}" has no commit ${id}, or no branch leads to it.`,
        { code: 'GIT_REF_MISSING' },
      );
    }
    return fetched;
  }

  /** Remembers the commit that was read, for a time when the server is down. */
  async remember(name: string, commit: string): Promise<void> {
    await this.#must('Keeping the commit', [
      'update-ref',
      rememberedRef(name),
      commit,
    ]);
  }

  async remembered(name: string): Promise<string | undefined> {
    return this.#commitOf(rememberedRef(name));
  }

  /** Plain files in and below a folder; links and submodules are left out. */
  async list(commit: string, path: string): Promise<GitEntry[]> {
    const { stdout } = await this.#must('Listing the files', [
      'ls-tree',
      '-r',
      '-z',
      '--long',
      '--full-tree',
      commit,
      ...(path === '' ? [] : ['--', path]),
    ]);
    if (stdout !== '' && !stdout.endsWith('\0')) {
      throw new StepFailure(
        `The repository "${this.#options.url.href}" has too many files. Name the folder of the definitions in "path".`,
        { code: 'GIT_TOO_LARGE' },
      );
    }
    return stdout.split('\0').flatMap(line => {
      const [head, name] = line.split('\t');
      const [mode, type, id, size] = (head ?? '').split(/ +/);
      return type === 'blob' && mode.startsWith('100')
        ? { path: name, id, size: Number(size) }
        : [];
    });
  }

  async read(entries: readonly GitEntry[]): Promise<string[]> {
    if (entries.length === 0) {
      return [];
    }
    const { stdoutBytes } = await this.#must(
      'Reading the files',
      ['cat-file', '--batch'],
      entries.map(({ id }) => `${id}\n`).join(''),
    );
    let at = 0;
    return entries.map(({ size }) => {
      const start = stdoutBytes.indexOf('\n', at) + 1;
      at = start + size + 1;
      return stdoutBytes.subarray(start, start + size).toString('utf8');
    });
  }

  async #open(): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    // Does nothing to a repository that is there; the empty template keeps
    // hooks of the machine out.
    const args = ['init', '--quiet', '--bare', '--template=', '.'];
    await this.#run(args);
    const opened = await this.#run(['rev-parse', '--git-dir']);
    if (opened.exitCode !== 0) {
      await this.#clear();
      await this.#must('Preparing the copy', args);
    }
  }

  /** Commits that were read before are not needed any more. */
  async #limitPacks(): Promise<void> {
    const packs = await readdir(join(this.#directory, 'objects/pack')).catch(
      () => [],
    );
    if (packs.length > 2 * MAX_PACKS) {
      await this.#clear();
      await this.#open();
    }
  }

  async #clear(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
  }

  /** Also answers nothing when a part of the commit is missing. */
  async #commitOf(id: string): Promise<string | undefined> {
    const { exitCode, stdout } = await this.#run([
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${id}^{commit}`,
    ]);
    if (exitCode !== 0) {
      return undefined;
    }
    const commit = stdout.trim();
    const tree = await this.#run(['ls-tree', '-r', '--long', commit]);
    if (tree.exitCode !== 0) {
      await this.#clear();
      await this.#open();
      return undefined;
    }
    return commit;
  }

  async #must(
    what: string,
    args: string[],
    input?: string,
  ): Promise<ProcessResult> {
    const result = await this.#run(args, input);
    if (result.exitCode !== 0) {
      throw toGitFailure(
        `${what} of "${this.#options.url.href}"`,
        result.stderr,
      );
    }
    return result;
  }

  async #run(args: string[], input?: string): Promise<ProcessResult> {
    const { url, config } = this.#options;
    try {
      return await runProcess({
        command: 'git',
        args,
        cwd: this.#directory,
        env: {
          ...gitEnvironment({
            home: this.#directory,
            url,
            config,
            author: config.author,
          }),
          // Never a repository of a folder above.
          GIT_DIR: this.#directory,
        },
        input,
        signal: this.#signal,
      });
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') {
        throw new StepFailure(
          'The program "git" is not installed on the machine of the backend. Install Git 2.31 or newer.',
          { code: 'GIT_MISSING', cause: error },
        );
      }
      if (this.#signal.aborted && !this.#options.signal?.aborted) {
        throw new StepFailure(
          `The server of "${url.href}" took longer than ${TIMEOUT_MS / 1000} seconds.`,
          { code: 'GIT_UNREACHABLE', transient: true, cause: error },
        );
      }
      throw error;
    }
  }
}

function rememberedRef(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex');
  return `refs/innominatus/read/${hash.slice(0, 32)}`;
}
