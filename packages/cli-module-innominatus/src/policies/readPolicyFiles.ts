import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type {
  PolicyDefinition,
  PolicyTestCase,
} from '@innominatus/backstage-plugin-innominatus-common';
import { CliError } from '../framework/errors';

/** What a text of policies and cases holds. */
export interface PolicyFiles {
  policies: PolicyDefinition[];
  cases: Array<PolicyTestCase & { file: string }>;
}

const MOST_FILES = 1_000;
const LARGEST_FILE = 1024 * 1024;

/**
 * Reads policies and test cases from files and folders. A file with `cases` is
 * one of cases, everything else one of definitions.
 */
export async function readPolicyFiles(paths: string[]): Promise<PolicyFiles> {
  const found: PolicyFiles = { policies: [], cases: [] };
  const files = (await Promise.all(paths.map(filesAt))).flat();
  if (files.length > MOST_FILES) {
    throw new CliError(
      `There are ${files.length} files, at most ${MOST_FILES} are read. Name a folder with policies.`,
    );
  }
  for (const file of [...new Set(files)].sort()) {
    await readInto(found, file);
  }
  return found;
}

async function filesAt(target: string): Promise<string[]> {
  try {
    if (!(await stat(target)).isDirectory()) {
      return [target];
    }
    const entries = await readdir(target, {
      recursive: true,
      withFileTypes: true,
    });
    return entries
      .filter(entry => entry.isFile() && /\.ya?ml$/.test(entry.name))
      .map(entry => path.join(entry.parentPath, entry.name));
  } catch (error) {
    throw new CliError(
      `"${target}" cannot be read: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

async function readInto(found: PolicyFiles, file: string): Promise<void> {
  const { size } = await stat(file);
  if (size > LARGEST_FILE) {
    throw new CliError(
      `"${file}" has ${size} bytes, at most ${LARGEST_FILE} are read.`,
    );
  }
  const text = await readFile(file, 'utf8');
  if (/^cases:/m.test(text)) {
    found.cases.push(...(await readCases(text, file)));
    return;
  }
  const { formatDiagnostics, hasErrors, readDefinitions } =
    await import('@innominatus/backstage-plugin-innominatus-common');
  const { definitions, diagnostics } = readDefinitions(text, { file });
  const errors = diagnostics.filter(item => item.severity === 'error');
  if (hasErrors(diagnostics)) {
    throw new CliError(formatDiagnostics(errors, { format: 'simple' }));
  }
  found.policies.push(...definitions.policies);
}

async function readCases(
  text: string,
  file: string,
): Promise<PolicyFiles['cases']> {
  const { parse } = await import('yaml');
  const { readPolicyTestCases } =
    await import('@innominatus/backstage-plugin-innominatus-common');
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new CliError(`${file}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const result = readPolicyTestCases(value);
  if ('problem' in result) {
    throw new CliError(`${file}: ${result.problem}`);
  }
  return result.cases.map(item => ({ ...item, file }));
}
