import { Command, Completion, FlagDefinition } from '../framework/command';
import { globalFlags } from '../framework/globalFlags';
import { splitLine } from '../framework/parse';
import { CommandSet, resolveCommand } from '../framework/resolve';

/** Answers names that only the backend or the saved contexts know. */
export type LiveNames = (
  kind: Exclude<Completion, 'file' | readonly string[]>,
) => Promise<string[]>;

// Whatever the backend says ends up in a shell.
const SAFE = /^[\w./@:-]+$/;

/**
 * Candidates for the last of the words, which is still being typed. None
 * means that the shell should offer files.
 */
export async function complete(
  typed: readonly string[],
  options: { set: CommandSet; live: LiveNames },
): Promise<string[]> {
  const current = typed.at(-1) ?? '';
  const before = typed.slice(0, -1);
  const candidates = await candidatesFor(current, before, options);
  return [...new Set(candidates)]
    .filter(candidate => candidate.startsWith(current) && SAFE.test(candidate))
    .sort();
}

async function candidatesFor(
  current: string,
  before: readonly string[],
  options: { set: CommandSet; live: LiveNames },
): Promise<string[]> {
  const { set, live } = options;
  const words = wordsOf(before, set);
  const command = commandOf(words, set);
  const flags = { ...globalFlags, ...command?.command.flags };
  const option = valueOption(before.at(-1), flags);
  if (option) {
    return option.choices
      ? [...option.choices]
      : namesOf(option.complete, live);
  }
  if (current.startsWith('-')) {
    return Object.entries<FlagDefinition>(flags)
      .filter(([, flag]) => !flag.hidden)
      .map(([name]) => `--${name}`);
  }
  if (command && (command.rest.length > 0 || isWhole(words, command.command))) {
    const { args = [] } = command.command;
    const arg = args[command.rest.length] ?? args.findLast(one => one.several);
    return namesOf(arg?.complete, live);
  }
  return nextWords(words, set);
}

function wordsOf(before: readonly string[], set: CommandSet): string[] {
  try {
    return splitLine(before, set.commands).words;
  } catch {
    // An option that still lacks its value; the words before it count.
    return before.filter(word => !word.startsWith('-'));
  }
}

function commandOf(words: readonly string[], set: CommandSet) {
  try {
    const resolution = resolveCommand(words, set);
    return resolution.kind === 'command' ? resolution : undefined;
  } catch {
    return undefined;
  }
}

// `apps` alone means `apps list`, but more words may follow.
function isWhole(words: readonly string[], command: Command): boolean {
  return words.length >= command.name.split(' ').length || words.length === 0;
}

function valueOption(
  word: string | undefined,
  flags: Record<string, FlagDefinition>,
): FlagDefinition | undefined {
  const match = Object.entries(flags).find(
    ([name, flag]) => word === `--${name}` || word === `-${flag.short}`,
  );
  return match && match[1].type !== 'boolean' ? match[1] : undefined;
}

function nextWords(words: readonly string[], set: CommandSet): string[] {
  const prefix = words.map(word => `${word} `).join('');
  return set.commands
    .filter(({ name, hidden }) => !hidden && name.startsWith(prefix))
    .map(({ name }) => name.slice(prefix.length).split(' ')[0]);
}

async function namesOf(
  kind: Completion | undefined,
  live: LiveNames,
): Promise<string[]> {
  if (kind === undefined || kind === 'file') {
    return [];
  }
  return typeof kind === 'string' ? live(kind) : [...kind];
}
