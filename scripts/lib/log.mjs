const started = Date.now();

/** Says what is being done, with the seconds since the start. */
export function say(message) {
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stderr.write(`[${seconds.padStart(6)}s] ${message}\n`);
}

/** A problem the reader can do something about: printed as a message, without a stack. */
export class PlainError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'PlainError';
    this.exitCode = exitCode;
  }
}
