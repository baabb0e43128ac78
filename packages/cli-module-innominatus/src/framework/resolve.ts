import { Command } from './command';
import { UsageError } from './errors';
import { nearest } from './nearest';

/** What the words of a line call. */
export type Resolution =
  | { kind: 'command'; command: Command; rest: string[] }
  | { kind: 'group'; path: string[] }
  | { kind: 'program' };

/** The commands of the program and the other names some of them have. */
export interface CommandSet {
  commands: readonly Command[];
  /** Older or shorter words and the words they stand for. */
  aliases: Record<string, string>;
}

/** Finds the command with the most words that the line starts with. */
export function resolveCommand(
  words: readonly string[],
  set: CommandSet,
): Resolution {
  if (words.length === 0) {
    return { kind: 'program' };
  }
  const path = expandAlias(words, set);
  for (let length = path.length; length > 0; length--) {
    const name = path.slice(0, length).join(' ');
    const command = set.commands.find(candidate => candidate.name === name);
    if (command) {
      return { kind: 'command', command, rest: path.slice(length) };
    }
  }
  const group = path[0];
  if (!set.commands.some(({ name }) => name.startsWith(`${group} `))) {
    throw unknownCommand(path[0], topLevelNames(set), '');
  }
  if (path.length > 1) {
    throw unknownCommand(path[1], childNames(group, set), `${group} `);
  }
  const list = set.commands.find(({ name }) => name === `${group} list`);
  return list
    ? { kind: 'command', command: list, rest: [] }
    : { kind: 'group', path };
}

function expandAlias(words: readonly string[], set: CommandSet): string[] {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    if (words.length >= length && Object.hasOwn(set.aliases, name)) {
      return [...set.aliases[name].split(' '), ...words.slice(length)];
    }
  }
  return [...words];
}

function topLevelNames(set: CommandSet): string[] {
  return [
    ...new Set(
      set.commands
        .filter(command => !command.hidden)
        .map(command => command.name.split(' ')[0]),
    ),
    ...Object.keys(set.aliases),
  ];
}

/** The second words of a group, for example `list` and `get`. */
export function childNames(group: string, set: CommandSet): string[] {
  return set.commands
    .filter(({ name }) => name.startsWith(`${group} `))
    .map(({ name }) => name.slice(group.length + 1));
}

function unknownCommand(
  word: string,
  candidates: string[],
  prefix: string,
): UsageError {
  const meant = nearest(word, candidates);
  const hint = meant ? ` Did you mean "innominatus ${prefix}${meant}"?` : '';
  return new UsageError(
    `The command "innominatus ${prefix}${word}" does not exist.${hint}`,
    { next: `See: innominatus ${prefix ? `help ${prefix}`.trim() : 'help'}` },
  );
}
