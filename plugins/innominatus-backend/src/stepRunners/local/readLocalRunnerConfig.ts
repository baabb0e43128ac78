import { Config } from '@backstage/config';
import { existsSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

const KEY = 'innominatus.runner.local';
const DEFAULT_PATH = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
];
const DEFAULT_OUTPUT_BYTES = 10 * 1024 * 1024;

/** Settings of the local runner. */
export interface LocalRunnerConfig {
  /** Absolute paths, or names that are looked for in `path`. */
  programs: string[];
  /** Folders with programs; also the `PATH` of every program. */
  path: string[];
  /** Where the state of processes is kept, outside of workspaces. */
  stateDirectory: string;
  outputBytes: number;
  memoryBytes?: number;
  onShutdown: 'detach' | 'finish';
}

/** Reads `innominatus.runner.local`; without it no program may run. */
export function readLocalRunnerConfig(config: Config): LocalRunnerConfig {
  const directory = config.getOptionalString('backend.workingDirectory');
  return {
    programs: config.getOptionalStringArray(`${KEY}.programs`) ?? [],
    path: (config.getOptionalStringArray(`${KEY}.path`) ?? DEFAULT_PATH).map(
      folder => readFolder(folder, `${KEY}.path`),
    ),
    stateDirectory: readFolder(
      config.getOptionalString(`${KEY}.stateDirectory`) ??
        // The folder for temporary files may belong to several users.
        join(directory ?? tmpdir(), `innominatus-processes-${userInfo().uid}`),
      `${KEY}.stateDirectory`,
    ),
    outputBytes:
      readAmount(config, 'innominatus.limits.stepLogBytes') ??
      DEFAULT_OUTPUT_BYTES,
    memoryBytes: readAmount(config, `${KEY}.memoryBytes`),
    onShutdown: readOnShutdown(config),
  };
}

function readFolder(folder: string, key: string): string {
  if (!isAbsolute(folder)) {
    throw new Error(
      `"${folder}" in "${key}" is not an absolute path. Expected for example "/usr/local/bin".`,
    );
  }
  return folder;
}

function readOnShutdown(config: Config): LocalRunnerConfig['onShutdown'] {
  const key = `${KEY}.onShutdown`;
  const value = config.getOptionalString(key);
  if (value === undefined) {
    // A container takes all of its processes with it.
    return isContainer() ? 'finish' : 'detach';
  }
  if (value !== 'detach' && value !== 'finish') {
    throw new Error(
      `The value of "${key}" is "${value}", expected "detach" or "finish".`,
    );
  }
  return value;
}

function isContainer(): boolean {
  return (
    process.env.KUBERNETES_SERVICE_HOST !== undefined ||
    existsSync('/.dockerenv') ||
    existsSync('/run/.containerenv')
  );
}

function readAmount(config: Config, key: string): number | undefined {
  const amount = config.getOptionalNumber(key);
  if (amount !== undefined && !(Number.isInteger(amount) && amount > 0)) {
    throw new Error(
      `The value of "${key}" is ${amount}, expected a whole number of bytes above 0, for example 1073741824.`,
    );
  }
  return amount;
}
