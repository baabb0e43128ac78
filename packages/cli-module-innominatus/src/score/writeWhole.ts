import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../framework/errors';

/**
 * Writes a file so that nobody ever sees half of it: beside it first, then in
 * its place.
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  const beside = path.join(
    path.dirname(file),
    `.${path.basename(file)}.${process.pid}.tmp`,
  );
  try {
    await writeFile(beside, text);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`"${file}" cannot be written (${code ?? error}).`, {
      next: 'Check that its folder exists and that you may write there.',
    });
  }
}
