import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Directories of runs on this machine. */
export class Workspaces {
  readonly #root: string;
  readonly #open = new Set<string>();

  static create(root: string = join(tmpdir(), 'innominatus')): Workspaces {
    return new Workspaces(root);
  }

  private constructor(root: string) {
    this.#root = root;
  }

  /** Ids of runs are UUIDs, so they are safe as names of directories. */
  async open(runId: string): Promise<string> {
    const path = join(this.#root, runId);
    this.#open.add(runId);
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  }

  /** This process has opened the directory and not removed it. */
  isOpen(runId: string): boolean {
    return this.#open.has(runId);
  }

  async remove(runId: string): Promise<void> {
    this.#open.delete(runId);
    await rm(join(this.#root, runId), { recursive: true, force: true });
  }
}
