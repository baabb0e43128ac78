import {
  Definitions,
  Diagnostic,
  readDefinitions,
} from '@innominatus/backstage-plugin-innominatus-common';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** @public */
export interface TestDefinitionsOptions {
  /** Files and folders with definitions, all the way down. */
  paths?: string[];
  /** Definitions as text, by the names of their files. */
  files?: Record<string, string>;
}

/** The definitions of a test, and what is wrong with them. */
export function readTestDefinitions(options: TestDefinitionsOptions): {
  definitions: Definitions;
  diagnostics: Diagnostic[];
} {
  const { paths = [], files = {} } = options;
  const all = [
    ...paths.flatMap(readPath),
    ...Object.entries(files).map(([name, text]) => ({ name, text })),
  ];
  const results = all.map(({ name, text }) =>
    readDefinitions(text, { file: name }),
  );
  return {
    diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
    definitions: {
      environments: results.flatMap(item => item.definitions.environments),
      providers: results.flatMap(item => item.definitions.providers),
      goldenPaths: results.flatMap(item => item.definitions.goldenPaths),
      workflows: results.flatMap(item => item.definitions.workflows),
      policies: results.flatMap(item => item.definitions.policies),
    },
  };
}

function readPath(path: string): Array<{ name: string; text: string }> {
  if (!statSync(path).isDirectory()) {
    return [{ name: path, text: readFileSync(path, 'utf8') }];
  }
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const child = join(path, entry.name);
      return entry.isDirectory() || /\.ya?ml$/.test(entry.name)
        ? readPath(child)
        : [];
    });
}
