import { UrlReaderService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  DefinitionFile,
  DefinitionLocation,
} from '@innominatus/backstage-plugin-innominatus-node';

const MAX_FILES = 1000;
const MAX_FILE_BYTES = 1024 * 1024;
const DEFINITION_FILE = /\.ya?ml$/;

/**
 * A YAML file, or all YAML files of a folder in a repository. What may be read
 * is decided by `backend.reading.allow` and the integrations.
 */
export class UrlLocation implements DefinitionLocation {
  readonly target: string;
  readonly refreshMs: number | undefined;
  readonly #reader: UrlReaderService;
  #etag: string | undefined;

  static create(options: {
    target: string;
    reader: UrlReaderService;
    refreshMs?: number;
  }): UrlLocation {
    return new UrlLocation(options);
  }

  private constructor(options: Parameters<typeof UrlLocation.create>[0]) {
    this.target = options.target;
    this.refreshMs = options.refreshMs;
    this.#reader = options.reader;
  }

  async read(): Promise<DefinitionFile[] | undefined> {
    try {
      const { files, etag } = isFile(this.target)
        ? await this.#readFile()
        : await this.#readTree();
      this.#etag = etag;
      return files;
    } catch (error) {
      if (error instanceof Error && error.name === 'NotModifiedError') {
        return undefined;
      }
      throw error;
    }
  }

  async #readFile(): Promise<{ files: DefinitionFile[]; etag?: string }> {
    const response = await this.#reader.readUrl(this.target, {
      etag: this.#etag,
    });
    const text = this.#toText(this.target, await response.buffer());
    return { files: [{ name: this.target, text }], etag: response.etag };
  }

  async #readTree(): Promise<{ files: DefinitionFile[]; etag: string }> {
    const response = await this.#reader.readTree(this.target, {
      etag: this.#etag,
      filter: path => DEFINITION_FILE.test(path),
    });
    const tree = await response.files();
    if (tree.length > MAX_FILES) {
      throw new InputError(
        `The location "${this.target}" has ${tree.length} YAML files, at most ${MAX_FILES} are read. Point at a folder with definitions only.`,
      );
    }
    const files: DefinitionFile[] = [];
    for (const file of tree) {
      const name = `${this.target.replace(/\/$/, '')}/${file.path}`;
      files.push({ name, text: this.#toText(name, await file.content()) });
    }
    return {
      files: files.sort((a, b) => (a.name < b.name ? -1 : 1)),
      etag: response.etag,
    };
  }

  /** Webhooks name the repository, and the target is a place inside of it. */
  isAt(addresses: readonly string[]): boolean {
    return addresses.some(address => {
      const prefix = address.replace(/(\.git)?\/?$/, '');
      return this.target === prefix || this.target.startsWith(`${prefix}/`);
    });
  }

  #toText(name: string, content: Buffer): string {
    if (content.length > MAX_FILE_BYTES) {
      throw new InputError(
        `The file "${name}" has ${content.length} bytes, at most ${MAX_FILE_BYTES} are read. Split it.`,
      );
    }
    return content.toString('utf8');
  }
}

function isFile(target: string): boolean {
  try {
    return DEFINITION_FILE.test(new URL(target).pathname);
  } catch {
    return false;
  }
}
