import { Diagnostic } from '@innominatus/backstage-plugin-innominatus-common';
import { basename } from 'node:path';
import { DefinitionRegistry } from './DefinitionRegistry';

const KINDS = ['Environment', 'Provider', 'GoldenPath', 'Workflow', 'Policy'];

/** What is wrong with one definition, or with a file that may hold it. */
export interface NamedProblems {
  file?: string;
  diagnostics: Diagnostic[];
}

/**
 * What is wrong with definitions of a kind, by their names. A file whose kind
 * cannot be told is there for every kind, and what has no name has that of its
 * file: whoever looks for a definition that is missing finds out why.
 */
export function problemsByName(
  registry: DefinitionRegistry,
  options: {
    kind: string;
    inUse: ReadonlyArray<{ name: string; source?: string }>;
  },
): Map<string, NamedProblems> {
  const { kind, inUse } = options;
  const result = new Map<string, NamedProblems>();
  const add = (name: string, problem: NamedProblems) => {
    const known = result.get(name) ?? { file: problem.file, diagnostics: [] };
    known.diagnostics.push(...problem.diagnostics);
    result.set(name, known);
  };
  for (const problem of registry.problems()) {
    const { file, name } = problem;
    const isUnknown = !KINDS.includes(problem.kind ?? '');
    if (problem.kind !== kind && !isUnknown) {
      continue;
    }
    // Those that are kept in use because nobody knows which of them it was.
    const sameFile = inUse.filter(({ source }) => source === file);
    if (name === undefined && sameFile.length > 0) {
      sameFile.forEach(item => add(item.name, problem));
    } else {
      add(name ?? nameOfFile(file), problem);
    }
  }
  return result;
}

function nameOfFile(file = 'unknown'): string {
  return basename(file).replace(/\.ya?ml$/, '') || file;
}
