import { parseOutputLine } from '@innominatus/backstage-plugin-innominatus-common';
import { ProcessLine } from '@innominatus/backstage-plugin-innominatus-node';
import { LogLevel } from './LogStore';
import { Redactor } from './Redactor';
import { RunLog } from './RunLog';

const LONGEST_LINE = 16 * 1024;
const MAX_OUTPUT_LINES = 200;

export interface StepLogOptions {
  step: string;
  attempt: number;
  runLog: RunLog;
  redactor: Redactor;
  now: () => number;
  /** What the attempt may write; then one line says that the log is cut. */
  maxBytes: number;
}

/** The log of one attempt: redacted, split into lines, limited. */
export class StepLog {
  readonly #options: StepLogOptions;
  readonly #outputs = new Map<string, string>();
  #bytes = 0;
  #cut = false;
  #closed = false;

  static create(options: StepLogOptions): StepLog {
    return new StepLog(options);
  }

  private constructor(options: StepLogOptions) {
    this.#options = options;
  }

  /**
   * Values of `::set-output` and `OUTPUT_` lines, the last of each name. As they
   * were written: secrets in them are exchanged, not masked, when they are kept.
   */
  get outputs(): Record<string, string> {
    return Object.fromEntries(this.#outputs);
  }

  write(level: LogLevel, text: string): void {
    if (this.#closed) {
      return;
    }
    // PostgreSQL cannot store NUL.
    const plain = String(text).replaceAll('\0', '');
    for (const line of plain.split(/\r?\n/)) {
      this.#learnOutput(line);
    }
    // Before splitting, because a secret may have several lines.
    const lines = this.#options.redactor
      .redact(plain)
      .replace(/\r?\n$/, '')
      .split(/\r?\n/);
    for (const line of lines) {
      this.#writeLine(level, line);
    }
  }

  /** A line of a program; one that is in the log already may be an output. */
  writeOutput(line: ProcessLine): void {
    if (!line.replayed) {
      this.write(line.stream === 'stderr' ? 'warn' : 'info', line.text);
    } else if (!this.#closed) {
      this.#learnOutput(line.text);
      this.#bytes += Buffer.byteLength(line.text);
    }
  }

  /** A step that goes on after its end was recorded writes nothing more. */
  close(): void {
    this.#closed = true;
  }

  #writeLine(level: LogLevel, line: string): void {
    if (this.#cut) {
      return;
    }
    const text =
      line.length > LONGEST_LINE
        ? `${line.slice(0, LONGEST_LINE)} (line cut, it has ${line.length} characters)`
        : line;
    this.#bytes += Buffer.byteLength(text);
    if (this.#bytes > this.#options.maxBytes) {
      this.#cut = true;
      this.#emit(
        'warn',
        `The log is cut here: the step wrote more than ${this.#options.maxBytes} bytes.`,
      );
      return;
    }
    this.#emit(level, text);
  }

  #learnOutput(line: string): void {
    const output = parseOutputLine(line);
    if (
      output &&
      (this.#outputs.has(output.name) || this.#outputs.size < MAX_OUTPUT_LINES)
    ) {
      this.#outputs.set(output.name, output.value);
    }
  }

  #emit(level: LogLevel, text: string): void {
    const { runLog, step, attempt, now } = this.#options;
    runLog.write({ step, attempt, at: now(), level, text });
  }
}
