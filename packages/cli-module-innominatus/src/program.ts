import { commandSet } from './commands/registry';
import { CommandContext } from './framework/context';
import { describeError } from './framework/describeError';
import { ExitCode } from './framework/exitCodes';
import { GlobalFlagValues } from './framework/globalFlags';
import { helpOf } from './framework/help';
import { Io } from './framework/io';
import { readArgs, readFlags, splitLine } from './framework/parse';
import { resolveCommand } from './framework/resolve';

/** What shells call while a line is typed; see `completion`. */
const COMPLETE = '__complete';

/** Runs one command line and answers the exit code of the process. */
export async function runProgram(
  argv: readonly string[],
  io: Io,
): Promise<ExitCode> {
  if (argv[0] === COMPLETE) {
    return printCandidates(argv.slice(1), io);
  }
  let context = contextWith({ 'no-color': argv.includes('--no-color') }, io);
  try {
    const line = splitLine(argv, commandSet.commands);
    const asks = (name: string) =>
      line.options.some(option => option.name === name);
    const words =
      asks('version') && line.words.length === 0 ? ['version'] : line.words;
    const resolution = resolveCommand(words, commandSet);
    if (asks('help') || resolution.kind !== 'command') {
      const wanted = asks('help') || words.length === 0;
      (wanted ? io.stdout : io.stderr).write(
        `${helpOf(resolution, commandSet)}\n`,
      );
      return wanted ? ExitCode.ok : ExitCode.wrongCall;
    }
    const { command, rest } = resolution;
    const { global, own } = readFlags(line.options, command);
    context = contextWith(global, io);
    const args = readArgs(rest, command);
    const code = await command.run(context, { args, flags: own });
    return code ?? ExitCode.ok;
  } catch (error) {
    if (io.signal.aborted) {
      context.talk.always(`\n${context.interruptNote ?? 'Interrupted.'}`);
      return ExitCode.interrupted;
    }
    return report(error, context);
  }
}

async function report(
  error: unknown,
  context: CommandContext,
): Promise<ExitCode> {
  const { message, next, exitCode, issues } = describeError(error);
  context.talk.error(message);
  if (issues) {
    const { formatIssues } = await import('./score/formatIssues');
    context.talk.always(formatIssues(issues));
  }
  if (next) {
    context.talk.always(next);
  }
  if (error instanceof Error && error.stack) {
    context.talk.detail(error.stack);
  }
  return exitCode;
}

async function printCandidates(
  typed: readonly string[],
  io: Io,
): Promise<ExitCode> {
  const { complete } = await import('./completion/complete');
  const { liveNames } = await import('./completion/liveNames');
  const context = contextWith({ quiet: true }, io);
  const candidates = await complete(typed, {
    set: commandSet,
    live: liveNames(context),
  });
  candidates.forEach(candidate => context.out.line(candidate));
  return ExitCode.ok;
}

function contextWith(values: Record<string, unknown>, io: Io): CommandContext {
  const defaults = readFlags([], { name: '' }).global;
  return CommandContext.create({
    io,
    commands: commandSet,
    // readFlags fills exactly what globalFlags describes.
    global: { ...defaults, ...values } as GlobalFlagValues,
  });
}
