import type { Readable, Writable } from 'node:stream';
import { UsageError } from './errors';

/** Everything of the process that commands touch, so that tests can stand in. */
export interface Io {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean };
  env: Record<string, string | undefined>;
  fetch: typeof fetch;
  /** Aborted when the person presses Ctrl-C. */
  signal: AbortSignal;
}

// More than any Score file or token may have, little enough to hold in memory.
const LONGEST_INPUT_BYTES = 4 * 1024 * 1024;

/** Reads all of stdin, up to a limit. */
export async function readStdin(io: Io): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of io.stdin) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > LONGEST_INPUT_BYTES) {
      throw new UsageError('stdin has more than 4 MiB; that is too much.');
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
