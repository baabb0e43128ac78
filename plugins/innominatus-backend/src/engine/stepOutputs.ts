import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import {
  FiledOutputs,
  isDeeperThan,
  JsonObject,
  JsonValue,
  parseOutputFile,
  readTerraformOutputs,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepFailure,
  StepResult,
} from '@innominatus/backstage-plugin-innominatus-node';
import { readFile, stat } from 'node:fs/promises';
import { RunSecrets } from './RunSecrets';

const MAX_OUTPUT_BYTES = 64 * 1024;
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_DEPTH = 64;
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

export interface StepOutputs {
  outputs: Record<string, JsonValue>;
  resources?: Record<string, Record<string, JsonValue>>;
}

export interface CollectOutputsOptions {
  /** `run/<run>/<step>`: where secret outputs are kept. */
  address: string;
  result: StepResult | undefined;
  /** From lines of the log. */
  logged: Record<string, string>;
  /** From the output file. */
  filed: FiledOutputs;
  secrets: RunSecrets;
}

/**
 * Brings the outputs of a step together, what the step returns last, and
 * exchanges secrets for references.
 */
export async function collectOutputs(
  options: CollectOutputsOptions,
): Promise<StepOutputs> {
  const { address, filed, result, secrets } = options;
  const returned = result?.outputs
    ? toPlainJson(result.outputs, 'outputs')
    : {};
  const sensitive = new Set([...(result?.sensitive ?? []), ...filed.sensitive]);
  const all: JsonObject = {
    ...options.logged,
    ...filed.outputs,
    ...returned,
  };
  const names = Object.keys(all);
  if (names.length === 0 && !result?.resources) {
    return { outputs: {} };
  }
  // Before the secrets are swapped: they are not limited by the journal, but
  // must be bounded as well.
  checkSize(all, 'outputs');
  const outputs: Array<[string, JsonValue]> = [];
  for (const [name, value] of Object.entries(all)) {
    if (sensitive.has(name) && value !== null) {
      outputs.push([name, await secrets.keep(`${address}/${name}`, value)]);
    }
  }
  // After the secrets are known, so that copies of them are found.
  for (const [name, value] of Object.entries(all)) {
    if (!sensitive.has(name) || value === null) {
      outputs.push([name, await secrets.conceal(value)]);
    }
  }
  const resources = result?.resources
    ? await secrets.conceal(toPlainJson(result.resources, 'resources'))
    : undefined;
  if (resources) {
    checkSize(resources, 'resources');
  }
  return {
    outputs: Object.fromEntries(outputs),
    resources: resources as StepOutputs['resources'],
  };
}

/**
 * Reads the file named by `outputFile`; it has to lie in the workspace. What
 * Terraform calls sensitive in it is secret.
 */
export async function readOutputFile(
  workspace: string,
  path: string,
): Promise<FiledOutputs> {
  let file: string;
  try {
    file = resolveSafeChildPath(workspace, path);
  } catch {
    throw new StepFailure(
      `The output file "${path}" is outside of the workspace of the step. Use a path inside of it, for example "outputs.json".`,
      { code: 'OUTPUT_FILE_INVALID' },
    );
  }
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile()) {
    throw new StepFailure(`The step did not write its output file "${path}".`, {
      code: 'OUTPUT_FILE_MISSING',
    });
  }
  if (info.size > MAX_FILE_BYTES) {
    throw new StepFailure(
      `The output file "${path}" has ${info.size} bytes, at most ${MAX_FILE_BYTES} are allowed.`,
      { code: 'OUTPUT_FILE_INVALID' },
    );
  }
  return readTerraformOutputs(parseOutputFile(await readFile(file, 'utf8')));
}

/** What survives the journal; also leaves out functions and `undefined`. */
function toPlainJson(value: object, what: string): JsonObject {
  let text: string;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new StepFailure(
      `The ${what} of the step are not JSON: ${(error as Error).message}`,
      { code: 'OUTPUT_INVALID', cause: error },
    );
  }
  const plain = JSON.parse(text) as JsonObject;
  if (isDeeperThan(plain, MAX_DEPTH)) {
    throw new StepFailure(
      `The ${what} of the step are nested deeper than ${MAX_DEPTH} levels.`,
      { code: 'OUTPUT_INVALID' },
    );
  }
  for (const name of Object.keys(plain)) {
    if (FORBIDDEN_NAMES.has(name)) {
      throw new StepFailure(`The name "${name}" is not allowed in ${what}.`, {
        code: 'OUTPUT_INVALID',
      });
    }
  }
  return plain;
}

function checkSize(value: JsonValue, what: string): void {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > MAX_OUTPUT_BYTES) {
    throw new StepFailure(
      `The ${what} of the step have ${bytes} bytes, at most ${MAX_OUTPUT_BYTES} are allowed. Write larger things as an artifact.`,
      { code: 'OUTPUT_TOO_LARGE' },
    );
  }
}
