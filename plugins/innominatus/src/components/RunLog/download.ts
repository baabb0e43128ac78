import { RunLogLine } from '@innominatus/backstage-plugin-innominatus-common';
import { stripAnsi } from '../../lib/ansi';

/** The log as plain text: time, step, line. */
export function logAsText(lines: RunLogLine[]): string {
  return lines
    .map(line => `${line.time} ${line.step} ${stripAnsi(line.text)}\n`)
    .join('');
}

/** Hands text to the reader as a file. */
export function downloadText(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = fileName;
  anchor.click();
  URL.revokeObjectURL(url);
}
