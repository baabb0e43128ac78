import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** One line of the ledger: an effect of a step on the world outside. */
export interface LedgerEntry {
  /** Nanoseconds on the clock that all processes of the machine share. */
  at: bigint;
  kind: 'begin' | 'end';
  run: string;
  step: string;
  attempt: number;
  token: number;
  how: 'run' | 'resume';
  /** The journal said already that the attempt has ended. */
  again: boolean;
  /** The same in both lines of one piece of work, and in nothing else. */
  nonce: string;
}

const PREFIX = 'ledger-';

/** Where steps write down what they do: on disk, but in no database. */
export class FileLedger {
  readonly #file: number;

  /** Each process has a file of its own, so that lines are never mixed. */
  static open(folder: string): FileLedger {
    return new FileLedger(
      openSync(join(folder, `${PREFIX}${process.pid}-${Date.now()}`), 'a'),
    );
  }

  private constructor(file: number) {
    this.#file = file;
  }

  write(entry: Omit<LedgerEntry, 'at'>): void {
    const at = String(process.hrtime.bigint());
    writeSync(this.#file, `${JSON.stringify({ at, ...entry })}\n`);
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Whether the process has begun something and not ended it yet. */
  static isAtWork(folder: string, pid: number): boolean {
    const open = new Set<string>();
    for (const { kind, nonce } of FileLedger.read(folder, pid)) {
      if (kind === 'begin') {
        open.add(nonce);
      } else {
        open.delete(nonce);
      }
    }
    return open.size > 0;
  }

  /** All entries of one process, or of all, in the order in which they happened. */
  static read(folder: string, pid?: number): LedgerEntry[] {
    const prefix = pid === undefined ? PREFIX : `${PREFIX}${pid}-`;
    return readdirSync(folder)
      .filter(name => name.startsWith(prefix))
      .flatMap(name => readFileSync(join(folder, name), 'utf8').split('\n'))
      .flatMap(line => {
        try {
          const entry = JSON.parse(line);
          return [{ ...entry, at: BigInt(entry.at) } as LedgerEntry];
        } catch {
          // The end of the file, or a line that a kill cut off: its effect
          // did not take place.
          return [];
        }
      })
      .sort((left, right) => (left.at < right.at ? -1 : 1));
  }
}
