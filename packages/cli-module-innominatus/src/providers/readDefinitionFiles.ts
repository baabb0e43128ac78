import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { CommandContext } from '../framework/context';
import { UsageError } from '../framework/errors';
import { readTextFile } from '../score/scoreFile';

const MAX_FILES = 1000;
const MAX_DEPTH = 10;
const DEFINITION_FILE = /\.ya?ml$/;

/** The YAML files of files and folders, by names that people know. */
export async function readDefinitionFiles(
  context: CommandContext,
  places: readonly string[],
): Promise<Array<{ name: string; text: string }>> {
  const names: string[] = [];
  for (const place of places) {
    const info = await stat(place).catch(() => undefined);
    if (info?.isDirectory()) {
      await walk(place, names, 0);
    } else {
      names.push(place);
    }
  }
  if (names.length === 0) {
    throw new UsageError(
      `There are no YAML files in ${places.map(place => `"${place}"`).join(', ')}.`,
    );
  }
  const files = [];
  for (const name of names) {
    const { text } = await readTextFile(context, name);
    files.push({ name, text });
  }
  return files;
}

async function walk(
  folder: string,
  names: string[],
  depth: number,
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory() && depth < MAX_DEPTH) {
      await walk(name, names, depth + 1);
    } else if (entry.isFile() && DEFINITION_FILE.test(entry.name)) {
      names.push(name);
    }
    if (names.length > MAX_FILES) {
      throw new UsageError(
        `"${folder}" has more than ${MAX_FILES} YAML files. Name the folder of the definitions.`,
      );
    }
  }
}
