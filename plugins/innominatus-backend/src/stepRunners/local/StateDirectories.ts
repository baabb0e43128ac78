import { LoggerService } from '@backstage/backend-plugin-api';
import { lstat, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './processIdentity';
import { folderOfRun, StateDirectory } from './StateDirectory';

/** Longer than a backend stays away, and long enough to look at. */
const KEEP_MS = 7 * 24 * 60 * 60 * 1000;
const CLEAN_UP_EVERY_MS = 60 * 60 * 1000;

/** All state directories of this machine. */
export class StateDirectories {
  readonly #root: string;
  readonly #logger: LoggerService;
  #ready: Promise<void> | undefined;
  #cleanedUpAt = -Infinity;

  static create(options: {
    root: string;
    logger: LoggerService;
  }): StateDirectories {
    return new StateDirectories(options);
  }

  private constructor(options: { root: string; logger: LoggerService }) {
    this.#root = options.root;
    this.#logger = options.logger;
  }

  /** The directory of a key, whether it exists or not. */
  async open(key: string): Promise<StateDirectory> {
    this.#ready ??= this.#prepare().catch(error => {
      this.#ready = undefined;
      throw error;
    });
    await this.#ready;
    this.#cleanUpSometimes();
    return StateDirectory.of(this.#root, key);
  }

  /** What still runs stays; it goes by its age. */
  async forget(runId: string): Promise<void> {
    const folder = folderOfRun(this.#root, runId);
    for (const state of await listStates(folder)) {
      if (!(await isRunning(state))) {
        await state.remove();
      }
    }
    await rmdir(folder).catch(() => {});
  }

  async cleanUp(keepMs: number = KEEP_MS): Promise<void> {
    const before = Date.now() - keepMs;
    for (const run of await readdir(this.#root)) {
      const folder = join(this.#root, run);
      for (const state of await listStates(folder)) {
        if ((await state.touchedAt()) <= before && !(await isRunning(state))) {
          await rm(state.path, { recursive: true, force: true });
        }
      }
      // Fails while there is something in it.
      await rmdir(folder).catch(() => {});
    }
  }

  /**
   * Output and process numbers of programs are in there: nobody else may read
   * it, and nobody else may have made it.
   */
  async #prepare(): Promise<void> {
    await mkdir(this.#root, { recursive: true, mode: 0o700 });
    const info = await lstat(this.#root);
    if (
      !info.isDirectory() ||
      info.uid !== process.getuid?.() ||
      (info.mode & 0o077) !== 0
    ) {
      throw new Error(
        `"${this.#root}" must be a folder that only the user of this backend can read and write. Remove it, or set "innominatus.runner.local.stateDirectory" to another place.`,
      );
    }
  }

  #cleanUpSometimes(): void {
    if (performance.now() - this.#cleanedUpAt > CLEAN_UP_EVERY_MS) {
      this.#cleanedUpAt = performance.now();
      this.cleanUp().catch(error => {
        this.#logger.warn(
          `Old state of programs in "${this.#root}" could not be removed: ${error.message}`,
        );
      });
    }
  }
}

async function listStates(folder: string): Promise<StateDirectory[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map(name => StateDirectory.at(join(folder, name)));
}

async function isRunning(state: StateDirectory): Promise<boolean> {
  for (const identity of [await state.supervisor(), await state.program()]) {
    if (identity && (await isAlive(identity))) {
      return true;
    }
  }
  return false;
}
