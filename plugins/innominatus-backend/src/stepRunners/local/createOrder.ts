import { isChildPath } from '@backstage/backend-plugin-api';
import {
  ProcessSpec,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { processEnvironment } from './processEnvironment';
import { ProgramList } from './ProgramList';
import { LocalRunnerConfig } from './readLocalRunnerConfig';

const DEFAULT_GRACE_MS = 30_000;
const MAX_ARGUMENTS = 1000;
const MAX_INPUT_BYTES = 1024 * 1024;
/** Below what Linux takes for one argument and for all of them. */
const MAX_ARGUMENT_BYTES = 128 * 1024 - 1;
const MAX_ALL_ARGUMENTS_BYTES = 1024 * 1024;

/** What the supervisor gets, complete and checked. */
export interface ProcessOrder {
  program: string;
  file: string;
  args: string[];
  env: Record<string, string>;
  cwd: string;
  /** Without links, to compare with. */
  workspace: string;
  stdin?: string;
  /** In the environment of the program and of all that it starts. */
  marker: string;
  graceMs?: number;
  timeMs?: number;
  outputBytes: number;
  memoryBytes?: number;
}

/** Checks a spec; nothing of it has run before everything is known to be good. */
export async function createOrder(options: {
  spec: ProcessSpec;
  workspace: string;
  marker: string;
  programs: ProgramList;
  config: LocalRunnerConfig;
}): Promise<ProcessOrder> {
  const { spec, marker, programs, config } = options;
  const { program, args = [], limits = {}, env = {}, stdin } = spec;
  const file = programs.fileOf(program);
  checkSizes(args, env, stdin);
  const workspace = await realpath(options.workspace);
  const own = join(workspace, '.innominatus');
  const home = await makeFolder(workspace, join(own, 'home'));
  const temporary = await makeFolder(workspace, join(own, 'tmp'));
  return {
    program,
    file,
    args,
    env: processEnvironment({
      declared: env,
      path: config.path,
      home,
      temporary,
      marker,
    }),
    cwd: await readFolder(workspace, spec.cwd ?? '.'),
    workspace,
    stdin,
    marker,
    graceMs: finite(spec.graceMs ?? DEFAULT_GRACE_MS),
    timeMs: finite(limits.timeMs),
    outputBytes: smaller(limits.outputBytes, config.outputBytes),
    memoryBytes: smaller(limits.memoryBytes, config.memoryBytes),
  };
}

function checkSizes(
  args: string[],
  env: Record<string, string>,
  stdin: string | undefined,
): void {
  const nul = args.findIndex(arg => arg.includes('\0'));
  if (nul >= 0) {
    throw refuse(`Argument ${nul + 1} of the program contains a NUL.`);
  }
  if (args.length > MAX_ARGUMENTS) {
    throw refuse(
      `The program has ${args.length} arguments, at most ${MAX_ARGUMENTS} are allowed. Hand the rest over in a file or on the standard input.`,
    );
  }
  const texts = [
    ...args,
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
  ];
  const sizes = texts.map(text => Buffer.byteLength(text));
  const all = sizes.reduce((sum, size) => sum + size, 0);
  if (
    sizes.some(size => size > MAX_ARGUMENT_BYTES) ||
    all > MAX_ALL_ARGUMENTS_BYTES
  ) {
    throw refuse(
      `The arguments and the environment of the program have ${all} bytes. One may have ${MAX_ARGUMENT_BYTES}, all of them ${MAX_ALL_ARGUMENTS_BYTES}. Hand the rest over in a file or on the standard input.`,
    );
  }
  if (stdin !== undefined && Buffer.byteLength(stdin) > MAX_INPUT_BYTES) {
    throw refuse(
      `The standard input has ${Buffer.byteLength(stdin)} bytes, at most ${MAX_INPUT_BYTES} are allowed. Hand it over in a file.`,
    );
  }
}

async function readFolder(workspace: string, cwd: string): Promise<string> {
  if (isAbsolute(cwd) || cwd.includes('\0')) {
    throw outside(cwd);
  }
  const folder = join(workspace, cwd);
  checkInside(workspace, folder, cwd);
  const info = await stat(folder).catch(() => undefined);
  if (!info?.isDirectory()) {
    throw new StepFailure(
      `The workspace of the run has no folder "${cwd}". Let an earlier step write it, or leave "cwd" out.`,
      { code: 'CWD_MISSING' },
    );
  }
  return folder;
}

/** An earlier program may have put a link where the folder belongs. */
async function makeFolder(workspace: string, folder: string): Promise<string> {
  checkInside(workspace, folder, folder.slice(workspace.length + 1));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function checkInside(workspace: string, folder: string, shown: string): void {
  if (!isChildPath(workspace, folder)) {
    throw outside(shown);
  }
}

function outside(folder: string): StepFailure {
  return new StepFailure(
    `The folder "${folder}" is outside of the workspace of the run. Use a path inside of it, for example "infrastructure".`,
    { code: 'CWD_OUTSIDE' },
  );
}

function refuse(message: string): StepFailure {
  return new StepFailure(message, { code: 'PROGRAM_REFUSED' });
}

/** Infinity does not survive JSON. */
function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function smaller(one: number | undefined, other: number): number;
function smaller(
  one: number | undefined,
  other: number | undefined,
): number | undefined;
function smaller(one: number | undefined, other: number | undefined) {
  return finite(Math.min(one ?? Infinity, other ?? Infinity));
}
