import { parsePriority } from '@innominatus/backstage-plugin-innominatus-common';
import { UsageError } from '../framework/errors';

/** Reads `--priority`: a number or a word. */
export function readPriority(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const priority = parsePriority(/^-?\d+$/.test(text) ? Number(text) : text);
  if (priority === undefined) {
    throw new UsageError(
      `--priority is "${text}", but a whole number from -100 to 100, or low, normal or high is expected.`,
    );
  }
  return priority;
}
