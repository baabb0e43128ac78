import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { accessSync, constants, statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';

const KEY = 'innominatus.runner.local.programs';
/** With one of these on the list, a workflow can do anything. */
const INTERPRETERS =
  /^(?:(?:ba|da|z|k|c|tc|fi)?sh|node|deno|bun|python[\d.]*|perl|ruby|php|lua|env|xargs|find|sudo|awk|busybox)$/;

/** The programs that may run, by the names that steps use for them. */
export class ProgramList {
  readonly #files = new Map<string, string>();

  /**
   * Looks every name up once; a program that is put in front of it later does
   * not count. A mistake stops the backend before a step meets it.
   */
  static create(options: { programs: string[]; path: string[] }): ProgramList {
    const list = new ProgramList();
    for (const program of options.programs) {
      list.#add(program, options.path);
    }
    return list;
  }

  private constructor() {}

  /** Names that let whoever writes workflows run any code. */
  get interpreters(): string[] {
    return this.names.filter(name => INTERPRETERS.test(name));
  }

  get names(): string[] {
    return [...this.#files.keys()];
  }

  /** The file to run. Throws a failure that says how to allow it. */
  fileOf(program: string): string {
    const file = this.#files.get(program);
    if (file === undefined) {
      const known =
        this.#files.size > 0
          ? ` Allowed: ${this.names.map(name => `"${name}"`).join(', ')}.`
          : ' No program is allowed so far.';
      throw new StepFailure(
        `The program "${program}" may not run here.${known} The platform team can add it to "${KEY}" in the app-config.`,
        { code: 'PROGRAM_NOT_ALLOWED' },
      );
    }
    return file;
  }

  #add(program: string, path: string[]): void {
    if (program.includes('/') && !isAbsolute(program)) {
      throw new Error(
        `"${program}" in "${KEY}" is neither a name nor an absolute path. Expected for example "terraform" or "/opt/tools/terraform".`,
      );
    }
    const name = basename(program);
    const candidates = isAbsolute(program)
      ? [program]
      : path.map(folder => join(folder, program));
    const file = candidates.find(isProgram);
    if (file === undefined) {
      throw new Error(
        `The program "${program}" in "${KEY}" is not on this machine. Looked for an executable file at ${candidates.join(', ')}. Install it, name its absolute path, or remove it from the list.`,
      );
    }
    const taken = this.#files.get(name);
    if (taken !== undefined && taken !== file) {
      throw new Error(
        `"${KEY}" names two programs called "${name}": ${taken} and ${file}. Keep one.`,
      );
    }
    this.#files.set(name, file);
    this.#files.set(program, file);
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
