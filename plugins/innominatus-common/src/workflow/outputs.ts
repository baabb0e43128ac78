import { JsonObject, JsonValue } from '../json';
import { containsSecretToken } from './secretToken';

const MAX_FILE_LENGTH = 1024 * 1024;
const MAX_DEPTH = 32;
const KEY = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;
const FORBIDDEN_KEYS = new Set([
  '__proto__',
  'constructor',
  'prototype',
  '$secretRef',
]);

/**
 * Thrown when a file of outputs cannot be read. The step fails with it.
 *
 * @public
 */
export class OutputFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OutputFileError';
  }
}

/**
 * Reads the file named by `outputFile`: a JSON object (nested values keep
 * their type), or `key=value` lines with comments and optional quotes.
 *
 * @public
 */
export function parseOutputFile(text: string): Record<string, JsonValue> {
  if (text.length > MAX_FILE_LENGTH) {
    throw new OutputFileError(
      `The output file has ${text.length} characters, ${MAX_FILE_LENGTH} are allowed. Write less, or store it as an artifact.`,
    );
  }
  const content = text.replace(/^\uFEFF/, '').trim();
  if (content === '') {
    return {};
  }
  return content.startsWith('{') ? parseJson(content) : parseLines(content);
}

function parseJson(content: string): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch (error) {
    throw new OutputFileError(
      `The output file starts with "{" but is not JSON: ${(error as Error).message}`,
    );
  }
  checkKeys(parsed as JsonValue, '', 0);
  return parsed as JsonObject;
}

function checkKeys(value: JsonValue, path: string, depth: number): void {
  if (depth > MAX_DEPTH) {
    throw new OutputFileError(
      `The output file is nested deeper than ${MAX_DEPTH} levels.`,
    );
  }
  if (typeof value === 'string' && containsSecretToken(value)) {
    throw new OutputFileError(
      `The value of "${path}" in the output file looks like a secret marker, which a step cannot make.`,
    );
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const [key, child] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) {
      throw new OutputFileError(
        `The output file has the key "${key}", which is not allowed.`,
      );
    }
    checkKeys(child, path === '' ? key : `${path}.${key}`, depth + 1);
  }
}

function parseLines(content: string): Record<string, JsonValue> {
  const outputs = new Map<string, JsonValue>();
  content.split(/\r?\n/).forEach((raw, i) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) {
      return;
    }
    const at = line.indexOf('=');
    const key = at < 0 ? '' : line.slice(0, at).trim();
    if (!KEY.test(key) || FORBIDDEN_KEYS.has(key)) {
      // The line itself is not shown: it may hold a secret.
      throw new OutputFileError(
        `Line ${i + 1} of the output file is not of the form key=value. Comments start with "#".`,
      );
    }
    const value = unquote(line.slice(at + 1).trim());
    checkKeys(value, key, 0);
    outputs.set(key, value);
  });
  return Object.fromEntries(outputs);
}

function unquote(value: string): string {
  const quoted = /^(["'])([\s\S]*)\1$/.exec(value);
  return quoted !== null && value.length >= 2 ? quoted[2] : value;
}

const SET_OUTPUT = /^::set-output name=([A-Za-z_][A-Za-z0-9_.-]{0,127})::(.*)$/;
const OUTPUT_PREFIX = /^OUTPUT_([A-Za-z_][A-Za-z0-9_.-]{0,126})=(.*)$/;

/**
 * Finds an output in one line of a step's log: `::set-output name=K::V` or
 * `OUTPUT_K=V`. Answers `undefined` for every other line.
 *
 * @public
 */
export function parseOutputLine(
  line: string,
): { name: string; value: string } | undefined {
  const text = line.trim();
  const match = SET_OUTPUT.exec(text) ?? OUTPUT_PREFIX.exec(text);
  if (
    match === null ||
    FORBIDDEN_KEYS.has(match[1]) ||
    containsSecretToken(match[2])
  ) {
    return undefined;
  }
  return { name: match[1], value: match[2] };
}
