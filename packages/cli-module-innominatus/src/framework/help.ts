import { ArgDefinition, Command, FlagDefinition } from './command';
import { globalFlags } from './globalFlags';
import { UsageError } from './errors';
import { CommandSet, Resolution, childNames, resolveCommand } from './resolve';

const EXIT_CODES = `Exit codes
  0 ok · 1 failed · 2 wrong call · 3 plan has changes (plan --exit-code)
  4 sign-in needed · 5 not found · 6 denied · 7 timed out · 8 conflict
  130 interrupted; a run that was started goes on`;

const GROUP_TITLES: Array<{ title: string; match: (name: string) => boolean }> =
  [
    { title: 'Daily work', match: name => !name.includes(' ') },
    { title: 'Look at and control', match: name => !isAboutItself(name) },
    { title: 'The command itself', match: () => true },
  ];

const SELF = [
  'login',
  'logout',
  'auth',
  'context',
  'completion',
  'version',
  'help',
];

function isAboutItself(name: string): boolean {
  return SELF.includes(name.split(' ')[0]);
}

/** Help of the whole program. */
function programHelp(set: CommandSet): string {
  const visible = set.commands.filter(command => !command.hidden);
  const sections: string[] = [];
  const placed = new Set<Command>();
  for (const { title, match } of GROUP_TITLES) {
    const commands = visible.filter(
      command =>
        !placed.has(command) &&
        match(command.name) &&
        (title === 'The command itself' || !isAboutItself(command.name)),
    );
    commands.forEach(command => placed.add(command));
    sections.push(
      `${title}\n${rows(commands.map(command => [command.name, command.summary]))}`,
    );
  }
  return [
    'innominatus: deploy workloads that a Score file describes',
    'Usage\n  innominatus COMMAND [OPTIONS]',
    `First steps\n${rows([
      ['innominatus login', 'sign in to the portal on this machine'],
      ['innominatus validate score.yaml', 'check a Score file, offline'],
      [
        'innominatus deploy score.yaml --env development --watch',
        'deploy it and see how it goes',
      ],
    ])}`,
    ...sections,
    `Options of every command\n${flagRows(globalFlags)}`,
    EXIT_CODES,
    'More on one command: innominatus COMMAND --help',
  ].join('\n\n');
}

/** Help of a noun with several verbs. */
function groupHelp(group: string, set: CommandSet): string {
  const commands = childNames(group, set).map(child => {
    const name = `${group} ${child}`;
    const command = set.commands.find(candidate => candidate.name === name);
    return [name, command?.summary ?? ''];
  });
  return [
    `Usage\n  innominatus ${group} COMMAND [OPTIONS]`,
    `Commands\n${rows(commands)}`,
    `More on one command: innominatus ${group} COMMAND --help`,
  ].join('\n\n');
}

/** Help of one command. */
function commandHelp(command: Command, set: CommandSet): string {
  const args = command.args ?? [];
  const flags = command.flags ?? {};
  const hasFlags = Object.values(flags).some(flag => !flag.hidden);
  const usage = [
    `innominatus ${command.name}`,
    ...args.map(argUsage),
    ...(hasFlags ? ['[OPTIONS]'] : []),
  ].join(' ');
  const aliases = Object.entries(set.aliases)
    .filter(([, target]) => target === command.name)
    .map(([alias]) => alias);
  const others = Object.fromEntries(
    Object.entries(globalFlags).filter(([name]) => !(name in flags)),
  );
  return [
    command.summary + (command.offline ? ' (works offline)' : ''),
    `Usage\n  ${usage}`,
    ...(command.description ? [command.description] : []),
    ...(command.examples
      ? [
          `Examples\n${rows(
            command.examples.map(({ line, about }) => [line, about]),
          )}`,
        ]
      : []),
    ...(args.length
      ? [
          `Arguments\n${rows(
            args.map(arg => [arg.name.toUpperCase(), arg.description]),
          )}`,
        ]
      : []),
    ...(hasFlags ? [`Options\n${flagRows(flags)}`] : []),
    ...(aliases.length ? [`Other names\n  ${aliases.join(', ')}`] : []),
    `Options of every command\n${flagRows(others)}`,
  ].join('\n\n');
}

function argUsage(arg: ArgDefinition): string {
  const name = `${arg.name.toUpperCase()}${arg.several ? '...' : ''}`;
  return arg.required ? name : `[${name}]`;
}

function flagRows(flags: Record<string, FlagDefinition>): string {
  return rows(
    Object.entries(flags)
      .filter(([, flag]) => !flag.hidden)
      .map(([name, flag]) => {
        const short = flag.short ? `-${flag.short}, ` : '    ';
        const value =
          flag.type === 'boolean' ? '' : ` ${flag.value ?? 'VALUE'}`;
        const repeat = flag.type === 'list' ? ' (repeatable)' : '';
        return [`${short}--${name}${value}`, flag.description + repeat];
      }),
  );
}

function rows(entries: string[][]): string {
  const width = Math.max(0, ...entries.map(([left]) => left.length));
  return entries
    .map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd())
    .join('\n');
}

/** Help of what words call. */
export function helpOf(resolution: Resolution, set: CommandSet): string {
  switch (resolution.kind) {
    case 'command':
      return commandHelp(resolution.command, set);
    case 'group':
      return groupHelp(resolution.path[0], set);
    default:
      return programHelp(set);
  }
}

/** Help of what a person named; a noun alone shows its verbs. */
export function helpFor(words: readonly string[], set: CommandSet): string {
  if (words.length === 1 && childNames(words[0], set).length > 0) {
    return groupHelp(words[0], set);
  }
  const resolution = resolveCommand(words, set);
  if (resolution.kind === 'command' && resolution.rest.length > 0) {
    throw new UsageError(
      `The command "innominatus ${words.join(' ')}" does not exist.`,
      { next: 'See: innominatus help' },
    );
  }
  return helpOf(resolution, set);
}
