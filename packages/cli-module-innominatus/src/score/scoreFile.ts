import { readFile } from 'node:fs/promises';
import { CommandContext } from '../framework/context';
import { UsageError } from '../framework/errors';
import { readStdin } from '../framework/io';

/** The text of a file and the name to show for it. */
export interface FileText {
  text: string;
  /** As given; `-` for stdin. */
  file: string;
}

// The reader of Score files refuses more than 1 MiB; this only keeps a wrong
// file, such as a disk image, out of memory.
const LONGEST_FILE_BYTES = 4 * 1024 * 1024;

/** Reads a file, or stdin when it is called `-`. */
export async function readTextFile(
  context: CommandContext,
  file: string,
): Promise<FileText> {
  if (file === '-') {
    if (context.global['token-stdin']) {
      throw new UsageError('stdin cannot hold both the file and the token.', {
        next: 'Name the file, or set INNOMINATUS_TOKEN.',
      });
    }
    return { text: await readStdin(context.io), file };
  }
  try {
    const bytes = await readFile(file, { signal: context.io.signal });
    if (bytes.length > LONGEST_FILE_BYTES) {
      throw new UsageError(`"${file}" has more than 4 MiB; that is too much.`);
    }
    return { text: bytes.toString('utf8'), file };
  } catch (error) {
    throw readError(file, error);
  }
}

function readError(file: string, error: unknown): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new UsageError(`The file "${file}" does not exist.`, {
        next: 'Check the path; it is relative to the current folder.',
      });
    case 'EISDIR':
      return new UsageError(`"${file}" is a folder, but a file is expected.`);
    case 'EACCES':
    case 'EPERM':
      return new UsageError(`You may not read the file "${file}".`);
    default:
      return error;
  }
}
