import { parseArgs } from 'node:util';
import { Command, FlagDefinition } from './command';
import { parseDuration } from './duration';
import { UsageError } from './errors';
import { globalFlags } from './globalFlags';
import { nearest } from './nearest';

type Flags = Record<string, FlagDefinition>;

/** An option as it stands in the line. */
export interface OptionToken {
  name: string;
  /** As written, for messages: `--env` or `-e`. */
  rawName: string;
  value?: string;
}

/** A command line, cut into words and options but not yet understood. */
export interface CommandLine {
  words: string[];
  options: OptionToken[];
}

/**
 * Cuts the line with the options of all commands together. That is what lets
 * an option stand before the command it belongs to; a name therefore takes a
 * value in all commands or in none.
 */
export function splitLine(
  argv: readonly string[],
  commands: readonly Command[],
): CommandLine {
  const flags = allFlags(commands);
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(flags).map(([name, flag]) => [
        name,
        {
          type: flag.type === 'boolean' ? 'boolean' : 'string',
          ...(flag.short ? { short: flag.short } : {}),
        } as const,
      ]),
    ),
  });
  const line: CommandLine = { words: [], options: [] };
  for (const token of tokens) {
    if (token.kind === 'positional') {
      line.words.push(token.value);
    } else if (token.kind === 'option') {
      const flag = Object.hasOwn(flags, token.name)
        ? flags[token.name]
        : undefined;
      if (!flag) {
        throw unknownOption(token.rawName, Object.keys(flags));
      }
      checkValue(token, flag);
      line.options.push(token);
    }
  }
  return line;
}

function checkValue(
  token: OptionToken & { inlineValue?: boolean },
  flag: FlagDefinition,
): void {
  if (flag.type === 'boolean') {
    if (token.value !== undefined) {
      throw new UsageError(
        `${token.rawName} takes no value, but "${token.value}" was given.`,
      );
    }
    return;
  }
  const looksLikeOption =
    !token.inlineValue && /^-[^\d]/.test(token.value ?? '');
  if (token.value === undefined || looksLikeOption) {
    throw new UsageError(
      `${token.rawName} needs a value: ${token.rawName} ${flag.value ?? 'VALUE'}.`,
    );
  }
}

/** Values for the options of one command and the global ones. */
export function readFlags(
  options: readonly OptionToken[],
  command: { name: string; flags?: Flags },
): { global: Record<string, unknown>; own: Record<string, unknown> } {
  const ownFlags = command.flags ?? {};
  const known: Flags = { ...globalFlags, ...ownFlags };
  const values = emptyValues(known);
  for (const option of options) {
    const flag = Object.hasOwn(known, option.name)
      ? known[option.name]
      : undefined;
    if (!flag) {
      throw new UsageError(
        `"innominatus ${command.name}" has no option ${option.rawName}.`,
        { next: `See: innominatus ${command.name} --help` },
      );
    }
    const list = values[option.name];
    values[option.name] = Array.isArray(list)
      ? [...list, option.value]
      : readValue(option, flag);
  }
  const pick = (flags: Flags) =>
    Object.fromEntries(Object.keys(flags).map(name => [name, values[name]]));
  return { global: pick(globalFlags), own: pick(ownFlags) };
}

function emptyValues(flags: Flags): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(flags)) {
    if (flag.type === 'boolean') {
      values[name] = false;
    } else {
      values[name] = flag.type === 'list' ? [] : undefined;
    }
  }
  return values;
}

function readValue(option: OptionToken, flag: FlagDefinition): unknown {
  const text = option.value ?? '';
  if (flag.choices && !flag.choices.includes(text)) {
    throw new UsageError(
      `${option.rawName} is "${text}", but one of ${flag.choices.join(', ')} is expected.`,
    );
  }
  switch (flag.type) {
    case 'boolean':
      return true;
    case 'duration':
      return parseDuration(text, option.rawName);
    case 'integer':
      if (!/^\d{1,9}$/.test(text)) {
        throw new UsageError(
          `${option.rawName} is "${text}", but a whole number is expected.`,
        );
      }
      return Number(text);
    default:
      return text;
  }
}

/** Assigns the words after the command to its arguments. */
export function readArgs(
  words: readonly string[],
  command: Command,
): Record<string, string | string[] | undefined> {
  const definitions = command.args ?? [];
  const last = definitions.length - 1;
  const takesRest = definitions[last]?.several === true;
  const missing = definitions
    .slice(words.length)
    .find(definition => definition.required);
  if (missing) {
    throw new UsageError(
      `"innominatus ${command.name}" needs ${missing.name.toUpperCase()}: ${missing.description}.`,
      { next: `See: innominatus ${command.name} --help` },
    );
  }
  if (words.length > definitions.length && !takesRest) {
    throw new UsageError(
      `"innominatus ${command.name}" does not know what to do with "${words[definitions.length]}".`,
      { next: `See: innominatus ${command.name} --help` },
    );
  }
  return Object.fromEntries(
    definitions.map((definition, index) => [
      definition.name,
      takesRest && index === last ? words.slice(index) : words[index],
    ]),
  );
}

function allFlags(commands: readonly Command[]): Flags {
  return Object.assign(
    {},
    ...commands.map(command => command.flags ?? {}),
    globalFlags,
  );
}

function unknownOption(rawName: string, names: string[]): UsageError {
  const meant = rawName.startsWith('--')
    ? nearest(rawName.slice(2), names)
    : undefined;
  return new UsageError(
    `The option ${rawName} is not known.${meant ? ` Did you mean --${meant}?` : ''}`,
    { next: 'See: innominatus help' },
  );
}
