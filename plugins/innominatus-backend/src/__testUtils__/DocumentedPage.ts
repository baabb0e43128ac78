import { mockCredentials } from '@backstage/backend-test-utils';
import { execFile, execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';

const ROOT = path.resolve(__dirname, '../../../..');
const CLI = path.join(ROOT, 'packages/cli-module-innominatus');

interface Block {
  language: string;
  /** Word after the language, for example `fails`. */
  note?: string;
  file?: string;
  text: string;
}

/** A command of the page, and what came of it. */
export interface Said {
  command: string;
  output: string;
}

/**
 * A page of the documentation whose files are written to a folder, and whose
 * commands are typed there.
 */
export class DocumentedPage {
  readonly folder: string;
  readonly #blocks: Block[];
  #program = '';

  static read(page: string): DocumentedPage {
    return new DocumentedPage(page);
  }

  private constructor(page: string) {
    const text = readFileSync(path.join(ROOT, page), 'utf8');
    this.#blocks = [
      ...text.matchAll(/^```(\w*)(?: file=(\S+)| (\w+))?\n([^]*?)^```$/gm),
    ].map(([, language, file, note, content]) => ({
      language,
      file,
      note,
      text: content,
    }));
    // Inside of the package, so that the code of the page finds its imports.
    const cache = path.join(__dirname, '../../.cache');
    mkdirSync(cache, { recursive: true });
    this.folder = mkdtempSync(
      path.join(cache, `${path.basename(page, '.md')}-`),
    );
    for (const { file, text: content } of this.#blocks) {
      if (file) {
        const target = path.join(this.folder, file);
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, content);
      }
    }
  }

  /** Blocks that are neither a file nor something to type. */
  get unused(): string[] {
    return this.#blocks
      .filter(({ language, file }) => !file && language !== 'sh')
      .map(({ text }) => text);
  }

  /** Makes the tests of the page tests here. */
  requireTests(): void {
    for (const { file } of this.#blocks) {
      if (file?.endsWith('.test.ts')) {
        require(path.join(this.folder, file));
      }
    }
  }

  /** Targets of the locations in a file of configuration. */
  locations(file: string): string[] {
    const { innominatus } = parse(
      readFileSync(path.join(this.folder, file), 'utf8'),
    );
    return innominatus.locations.map(({ target }: { target: string }) =>
      path.resolve(this.folder, target),
    );
  }

  /** Builds the command line that the page types. */
  build(): void {
    execFileSync(process.execPath, [
      path.join(CLI, 'scripts/bundle.mjs'),
      '--outdir',
      path.join(this.folder, 'dist'),
    ]);
    this.#program = path.join(this.folder, 'dist/innominatus.cjs');
  }

  /** Types everything that the page has people type, in its order. */
  async typeAll(port: number): Promise<Said[]> {
    const said: Said[] = [];
    for (const { file, language, note, text } of this.#blocks) {
      const isTyped = language === 'sh' && !file;
      for (const command of isTyped ? text.trim().split('\n') : []) {
        const output = await this.type(command, port).catch(error => {
          if (note !== 'fails') {
            throw new Error(`${command}\n${error.stdout}${error.stderr}`);
          }
          return `${error.stdout}${error.stderr}`;
        });
        said.push({ command, output });
      }
    }
    return said;
  }

  async type(command: string, port: number): Promise<string> {
    const [name] = command.split(' ');
    const { stdout, stderr } = await promisify(execFile)(
      'sh',
      [
        '-c',
        name === 'innominatus'
          ? `"$NODE" "$PROGRAM" ${command.slice(name.length)}`
          : command,
      ],
      {
        cwd: this.folder,
        env: {
          PATH: process.env.PATH,
          NODE: process.execPath,
          PROGRAM: this.#program,
          XDG_CONFIG_HOME: this.folder,
          INNOMINATUS_URL: `http://localhost:${port}`,
          INNOMINATUS_TOKEN: mockCredentials.user.token('user:default/admin'),
        },
      },
    );
    return `${stdout}${stderr}`;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
