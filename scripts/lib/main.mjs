import { PlainError, say } from './log.mjs';
import { interruptedBy, handleSignals } from './processes.mjs';

const TASKS = {
  start: 'install what is missing, build, and serve the portal on one port',
  test: 'install what is missing and run every test',
  dev: 'start portal and backend with hot reload',
  check: 'types, lint, format, unused code, configuration, API reports',
  exec: 'run a command with the right Node and Yarn on PATH',
  bench: 'install what is missing and run a benchmark',
};

function usage() {
  const lines = Object.entries(TASKS).map(
    ([name, text]) => `  ${name.padEnd(6)} ${text}`,
  );
  return `Usage: node scripts/run.mjs <task> [arguments]\n\n${lines.join('\n')}`;
}

async function runTask([name = 'start', ...args]) {
  if (process.platform === 'win32') {
    throw new PlainError(
      'Windows is supported through WSL only. Open a WSL shell and run the command there.',
    );
  }
  if (!Object.hasOwn(TASKS, name)) {
    throw new PlainError(`There is no task "${name}".\n\n${usage()}`, 2);
  }
  const { run } = await import(`../tasks/${name}.mjs`);
  // npm hands over "--" when people write "npm test -- -- pattern"
  return run(args[0] === '--' ? args.slice(1) : args);
}

/** Runs one task and ends the process with its exit code. */
export async function main(args) {
  handleSignals();
  let code;
  try {
    code = await runTask(args);
  } catch (error) {
    // Lets a signal that arrived during a blocking call be seen first.
    await new Promise(resolve => setTimeout(resolve, 20));
    if (interruptedBy()) {
      code = 130;
    } else if (error instanceof PlainError) {
      process.stderr.write(`\n${error.message}\n`);
      code = error.exitCode;
    } else {
      process.stderr.write(`\n${error?.stack ?? error}\n`);
      code = 1;
    }
  }
  if (code === 130) say('interrupted; run the same command to go on');
  process.exit(code ?? 0);
}
