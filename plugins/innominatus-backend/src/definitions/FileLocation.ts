import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  DefinitionFile,
  DefinitionLocation,
} from '@innominatus/backstage-plugin-innominatus-node';

const MAX_FILES = 1000;
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_DEPTH = 10;
const DEFINITION_FILE = /\.ya?ml$/;

/** A file, or all YAML files in and below a folder. */
export class FileLocation implements DefinitionLocation {
  readonly target: string;
  readonly refreshMs: number | undefined;
  readonly #path: string;
  #fingerprint: string | undefined;

  static create(options: {
    target: string;
    /** What a relative target starts from. */
    baseDirectory: string;
    refreshMs?: number;
  }): FileLocation {
    return new FileLocation(options);
  }

  private constructor(options: Parameters<typeof FileLocation.create>[0]) {
    this.target = options.target;
    this.refreshMs = options.refreshMs;
    this.#path = path.resolve(options.baseDirectory, options.target);
  }

  async read(): Promise<DefinitionFile[] | undefined> {
    const names = await this.#list();
    const stats = await Promise.all(
      names.map(async name => ({ name, ...(await this.#inspect(name)) })),
    );
    const fingerprint = JSON.stringify(
      stats.map(({ name, size, modifiedAt }) => [name, size, modifiedAt]),
    );
    if (fingerprint === this.#fingerprint) {
      return undefined;
    }
    const files: DefinitionFile[] = [];
    for (const { name, file, size } of stats) {
      if (size > MAX_FILE_BYTES) {
        throw new InputError(
          `The file "${name}" of the location "${this.target}" has ${size} bytes, at most ${MAX_FILE_BYTES} are read. Split it.`,
        );
      }
      files.push({
        name: name === '' ? this.target : path.posix.join(this.target, name),
        text: await readFile(file, 'utf8'),
      });
    }
    this.#fingerprint = fingerprint;
    return files;
  }

  /** Paths relative to the folder, sorted; one empty path for a single file. */
  async #list(): Promise<string[]> {
    const info = await stat(this.#path).catch(() => undefined);
    if (!info) {
      throw new InputError(
        `The location "${this.target}" does not exist. Expected a file or folder; relative targets start from the working directory of the backend.`,
      );
    }
    if (!info.isDirectory()) {
      return [''];
    }
    const found: string[] = [];
    const walk = async (folder: string, depth: number): Promise<void> => {
      const entries = await readdir(path.join(this.#path, folder), {
        withFileTypes: true,
      });
      for (const entry of entries) {
        const name = path.posix.join(folder, entry.name);
        if (entry.isDirectory() && depth < MAX_DEPTH) {
          await walk(name, depth + 1);
        } else if (!entry.isDirectory() && DEFINITION_FILE.test(entry.name)) {
          found.push(name);
        }
        if (found.length > MAX_FILES) {
          throw new InputError(
            `The location "${this.target}" has more than ${MAX_FILES} YAML files. Point at a folder with definitions only.`,
          );
        }
      }
    };
    await walk('', 0);
    return found.sort();
  }

  async #inspect(
    name: string,
  ): Promise<{ file: string; size: number; modifiedAt: number }> {
    // A link in the folder must not lead to other files of this machine.
    const file =
      name === '' ? this.#path : resolveSafeChildPath(this.#path, name);
    const info = await stat(file);
    return { file, size: info.size, modifiedAt: info.mtimeMs };
  }
}
