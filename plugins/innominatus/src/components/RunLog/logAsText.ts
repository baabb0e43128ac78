import { RunLogLine } from '@innominatus/backstage-plugin-innominatus-common';
import { stripAnsi } from '../../lib/ansi';

/** The log as plain text: time, step, line. */
export function logAsText(lines: RunLogLine[]): string {
  return lines
    .map(line => `${line.time} ${line.step} ${stripAnsi(line.text)}\n`)
    .join('');
}
