import { ProcessLine } from '@innominatus/backstage-plugin-innominatus-node';
import { FileHandle, open } from 'node:fs/promises';
import { plainText } from './plainText';

const CHUNK_BYTES = 64 * 1024;
const LINE_FEED = 10;

export interface OutputReaderOptions {
  file: string;
  /** Up to here the output is in the log already. */
  loggedBytes: number;
  onLine: (line: ProcessLine) => void;
}

/**
 * Reads the output of a program while the supervisor goes on writing it, from
 * the beginning, because outputs of the step may be in lines that were logged
 * by another backend.
 */
export class OutputReader {
  readonly #options: OutputReaderOptions;
  readonly #buffer = Buffer.alloc(CHUNK_BYTES);
  #handle: FileHandle | undefined;
  #rest = Buffer.alloc(0);
  /** End of the last complete line that was handed on. */
  #position = 0;

  static create(options: OutputReaderOptions): OutputReader {
    return new OutputReader(options);
  }

  private constructor(options: OutputReaderOptions) {
    this.#options = options;
  }

  get position(): number {
    return this.#position;
  }

  /** Hands on the next lines. Answers `false` when there are none so far. */
  async next(): Promise<boolean> {
    this.#handle ??= await openIfThere(this.#options.file);
    if (!this.#handle) {
      return false;
    }
    const { bytesRead } = await this.#handle.read({
      buffer: this.#buffer,
      position: this.#position + this.#rest.length,
    });
    if (bytesRead === 0) {
      return false;
    }
    this.#take(
      Buffer.concat([this.#rest, this.#buffer.subarray(0, bytesRead)]),
    );
    return true;
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  #take(bytes: Buffer): void {
    let start = 0;
    for (
      let end = bytes.indexOf(LINE_FEED);
      end >= 0;
      end = bytes.indexOf(LINE_FEED, start)
    ) {
      this.#position += end + 1 - start;
      this.#handOn(bytes.toString('utf8', start, end));
      start = end + 1;
    }
    this.#rest = Buffer.from(bytes.subarray(start));
  }

  #handOn(frame: string): void {
    const { onLine, loggedBytes } = this.#options;
    const replayed = this.#position <= loggedBytes;
    const [stream, text] = JSON.parse(frame) as [string, string];
    if (stream === 'truncated') {
      onLine({
        stream: 'stderr',
        text: `The output is cut here: the program wrote more than ${text} bytes. It goes on.`,
        replayed,
      });
    } else {
      onLine({
        stream: stream === 'stderr' ? 'stderr' : 'stdout',
        text: plainText(text),
        replayed,
      });
    }
  }
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
