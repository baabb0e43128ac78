import { lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';

/** Says which files of a folder are ours. */
const INDEX_FILE = '.innominatus.json';

const FILE_NAME = /^[a-z0-9][a-z0-9._-]*\.yaml$/;

interface Index {
  /** Application or workflow that the folder belongs to. */
  owner: string;
  files: string[];
}

export interface ManifestFolderOptions {
  /** Root of the work tree. */
  root: string;
  /** Path below it, checked by {@link readFolderPath}. */
  path: string;
  owner: string;
}

/**
 * A folder of a work tree that holds the files of one application. Files that
 * a person has put there are neither overwritten nor removed.
 */
export class ManifestFolder {
  readonly #options: ManifestFolderOptions;

  static create(options: ManifestFolderOptions): ManifestFolder {
    return new ManifestFolder(options);
  }

  private constructor(options: ManifestFolderOptions) {
    this.#options = options;
  }

  /**
   * Makes the folder hold exactly these files of ours. Answers the paths of
   * all files it wrote or removed, from the root.
   */
  async replace(files: ReadonlyMap<string, string>): Promise<string[]> {
    await this.#refuseLinks();
    const index = await this.#readIndex();
    for (const name of files.keys()) {
      if (!FILE_NAME.test(name)) {
        throw new Error(`"${name}" is not a name for a manifest.`);
      }
      if (!index?.files.includes(name) && (await exists(this.#path(name)))) {
        throw this.#refuse(
          `The file "${name}" in "${this.#place}" was not written by innominatus.`,
        );
      }
    }
    for (const name of index?.files ?? []) {
      if (!files.has(name)) {
        await rm(this.#path(name), { force: true });
      }
    }
    const touched = [
      ...new Set([...(index?.files ?? []), ...files.keys(), INDEX_FILE]),
    ].map(name => posix.join(this.#options.path, name));
    if (files.size === 0) {
      await rm(this.#path(INDEX_FILE), { force: true });
      return index === undefined ? [] : touched;
    }
    await mkdir(this.#directory, { recursive: true });
    for (const [name, text] of files) {
      // Never through something that is there: it could lead elsewhere.
      await rm(this.#path(name), { force: true });
      await writeFile(this.#path(name), text, { flag: 'wx', mode: 0o644 });
    }
    await rm(this.#path(INDEX_FILE), { force: true });
    await writeFile(this.#path(INDEX_FILE), this.#writeIndex(files), {
      flag: 'wx',
      mode: 0o644,
    });
    return touched;
  }

  /** These files, and those of ours that are there already. */
  async with(
    files: ReadonlyMap<string, string>,
  ): Promise<ReadonlyMap<string, string>> {
    return new Map([...(await this.#ours(() => true)), ...files]);
  }

  /** These files, and of ours those with these names. */
  async keeping(
    files: ReadonlyMap<string, string>,
    names: ReadonlySet<string>,
  ): Promise<ReadonlyMap<string, string>> {
    return new Map([...(await this.#ours(name => names.has(name))), ...files]);
  }

  async #ours(
    isWanted: (name: string) => boolean,
  ): Promise<ReadonlyMap<string, string>> {
    await this.#refuseLinks();
    const all = new Map<string, string>();
    const ours = (await this.#readIndex())?.files ?? [];
    for (const name of ours.filter(isWanted)) {
      const info = await lstat(this.#path(name)).catch(() => undefined);
      // Never through a link, which could lead out of the work tree.
      if (info?.isFile()) {
        all.set(name, await readFile(this.#path(name), 'utf8'));
      }
    }
    return all;
  }

  get #place(): string {
    return this.#options.path === '' ? 'the root' : this.#options.path;
  }

  get #directory(): string {
    const { root, path } = this.#options;
    return resolveSafeChildPath(root, path === '' ? '.' : path);
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }

  #writeIndex(files: ReadonlyMap<string, string>): string {
    const index: Index = {
      owner: this.#options.owner,
      files: [...files.keys()].sort(),
    };
    return `${JSON.stringify(index, undefined, 2)}\n`;
  }

  async #readIndex(): Promise<Index | undefined> {
    const path = this.#path(INDEX_FILE);
    if (!(await exists(path))) {
      return undefined;
    }
    let index: Partial<Index>;
    try {
      index = JSON.parse(await readFile(path, 'utf8'));
    } catch {
      throw this.#refuse(
        `The file "${INDEX_FILE}" in "${this.#place}" cannot be read.`,
      );
    }
    if (index.owner !== this.#options.owner) {
      throw this.#refuse(
        `The folder "${this.#place}" belongs to "${index.owner}".`,
      );
    }
    // The repository is written by others too; only plain names count.
    const files = Array.isArray(index.files) ? index.files : [];
    return {
      owner: this.#options.owner,
      files: files.filter(
        name => typeof name === 'string' && FILE_NAME.test(name),
      ),
    };
  }

  /** A link on the way could lead out of the work tree. */
  async #refuseLinks(): Promise<void> {
    let current = this.#options.root;
    for (const part of this.#options.path.split('/').filter(Boolean)) {
      current = join(current, part);
      const info = await lstat(current).catch(() => undefined);
      if (info === undefined) {
        return;
      }
      if (!info.isDirectory()) {
        throw this.#refuse(
          `"${this.#place}" is not a folder in this repository.`,
        );
      }
    }
  }

  #refuse(what: string): StepFailure {
    return new StepFailure(
      `${what} Choose another path, or clear this one by hand.`,
      { code: 'GIT_PATH_TAKEN' },
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

/** Checks a path below the root of a repository and brings it to one form. */
export function readFolderPath(path: string): string {
  const parts = path.split('/').filter(part => part !== '' && part !== '.');
  const bad = parts.find(
    part =>
      part === '..' ||
      /^\.git/i.test(part) ||
      !/^[A-Za-z0-9._ @+=-]+$/.test(part) ||
      /^[ -]|[ .]$/.test(part),
  );
  if (path.startsWith('/') || bad !== undefined) {
    throw new StepFailure(
      `The path "${path}" is refused. Expected a path inside of the repository, for example "apps/production".`,
      { code: 'GIT_PATH_REFUSED' },
    );
  }
  return parts.join('/');
}
