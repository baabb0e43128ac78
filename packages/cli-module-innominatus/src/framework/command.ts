import { CommandContext } from './context';
import { ExitCode } from './exitCodes';

/** What a shell can offer while a value is typed. */
export type Completion =
  | 'file'
  | 'application'
  | 'context'
  | 'environment'
  | 'goldenPath'
  | 'run'
  | 'schedule'
  | readonly string[];

/** One option of a command. */
export interface FlagDefinition {
  type: 'boolean' | 'string' | 'integer' | 'duration' | 'list';
  description: string;
  short?: string;
  /** Name of the value in help texts, for example `KEY=VALUE`. */
  value?: string;
  choices?: readonly string[];
  complete?: Completion;
  /** Read for compatibility, not shown in help texts. */
  hidden?: boolean;
}

/** One positional argument of a command. */
export interface ArgDefinition {
  name: string;
  description: string;
  required?: boolean;
  /** Takes all the words that are left; only the last one can. */
  several?: boolean;
  complete?: Completion;
}

type ArgValue<D extends ArgDefinition> = D['several'] extends true
  ? string[]
  : D['required'] extends true
    ? string
    : string | undefined;

type ValueOf<F extends FlagDefinition> = F['type'] extends 'boolean'
  ? boolean
  : F['type'] extends 'list'
    ? string[]
    : F['type'] extends 'integer' | 'duration'
      ? number | undefined
      : string | undefined;

/** Values of the options as the command sees them. */
export type FlagValues<F extends Record<string, FlagDefinition>> = {
  [K in keyof F]: ValueOf<F[K]>;
};

/**
 * Values of the arguments; `undefined` when an optional one is missing, a list
 * when there can be several.
 */
export type ArgValues<A extends readonly ArgDefinition[]> = {
  [D in A[number] as D['name']]: ArgValue<D>;
};

/** A command as the files of `commands` describe it. */
export interface CommandDefinition<
  A extends readonly ArgDefinition[] = readonly ArgDefinition[],
  F extends Record<string, FlagDefinition> = Record<string, FlagDefinition>,
> {
  /** Words that call the command, for example `runs watch`. */
  name: string;
  /** One line for lists of commands. */
  summary: string;
  /** Shown in the help of the command, below the summary. */
  description?: string;
  args?: A;
  flags?: F;
  /** Complete lines a person can copy, each with a word on what it does. */
  examples?: ReadonlyArray<{ line: string; about: string }>;
  /** Works without a backend; shown in help texts. */
  offline?: boolean;
  hidden?: boolean;
  run(
    context: CommandContext,
    input: { args: ArgValues<A>; flags: FlagValues<F> },
  ): Promise<ExitCode | void>;
}

/** A command of which the kinds of arguments and options do not matter. */
export type Command = Omit<CommandDefinition, 'run'> & {
  run(
    context: CommandContext,
    input: {
      args: Record<string, string | string[] | undefined>;
      flags: Record<string, unknown>;
    },
  ): Promise<ExitCode | void>;
};

/**
 * Checks a command against its own description of arguments and options, then
 * forgets the kinds so that commands fit into one list.
 */
export function defineCommand<
  const A extends readonly ArgDefinition[] = [],
  const F extends Record<string, FlagDefinition> = {},
>(definition: CommandDefinition<A, F>): Command {
  return {
    ...definition,
    // The parser fills exactly what `args` and `flags` describe.
    run: (context, input) =>
      definition.run(context, {
        args: input.args as ArgValues<A>,
        flags: input.flags as FlagValues<F>,
      }),
  };
}
