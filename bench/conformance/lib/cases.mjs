import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** All cases, in the order of the page. */
export function readCases(folder) {
  return readdirSync(folder)
    .filter(name => name.endsWith('.yaml'))
    .sort()
    .flatMap(name => {
      const { section, cases } = parse(
        readFileSync(path.join(folder, name), 'utf8'),
      );
      return cases.map(one => ({ section, ...one }));
    });
}

/** Writes the files of a case into an empty folder. */
export function writeFiles(one, folder) {
  for (const [name, content] of Object.entries(one.files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(
      file,
      typeof content === 'string'
        ? content
        : Buffer.from(content.base64, 'base64'),
    );
  }
}

/** The arguments behind the command; see the contract in the README. */
export function argumentsOf(one) {
  return [...(one.args ?? ['score.yaml'])];
}
