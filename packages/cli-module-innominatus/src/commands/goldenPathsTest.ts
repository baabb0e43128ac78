import {
  type Definitions,
  type TriedGoldenPath,
  hasErrors,
  readDefinitions,
  tryGoldenPaths,
} from '@innominatus/backstage-plugin-innominatus-common';
import { splitAssignments } from '../applications/parameters';
import { defineCommand } from '../framework/command';
import { CliError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { safeLine } from '../output/text';
import { readDefinitionFiles } from '../providers/readDefinitionFiles';
import { formatIssues } from '../score/formatIssues';

export const goldenPathsTestCommand = defineCommand({
  name: 'golden-paths test',
  summary: 'Run the golden paths of files with nothing behind their steps',
  description:
    'Checks the parameters, makes up what is required and not given, lets people\napprove and every step answer what is asked of it. Nested runs are run when their\nworkflows are among the files. Finds references, conditions and outputs that do\nnot fit, and shows which steps a choice of parameters leads to.',
  offline: true,
  args: [
    {
      name: 'file',
      required: true,
      several: true,
      description: 'Files and folders with definitions',
      complete: 'file',
    },
  ],
  flags: {
    'golden-path': {
      type: 'string',
      value: 'NAME',
      description: 'Only this golden path',
    },
    param: {
      type: 'list',
      value: 'KEY=VALUE',
      description: 'A parameter in place of a made up one',
    },
  },
  examples: [
    {
      line: 'innominatus golden-paths test ./golden-paths',
      about: 'before they are pushed',
    },
    {
      line: 'innominatus golden-paths test ./golden-paths --golden-path db-lifecycle --param database=orders',
      about: 'one of them, with a parameter',
    },
  ],
  async run(context, { args, flags }) {
    const files = await readDefinitionFiles(context, args.file);
    const results = files.map(({ name, text }) =>
      readDefinitions(text, { file: name }),
    );
    const diagnostics = results.flatMap(result => result.diagnostics);
    if (diagnostics.length > 0) {
      context.talk.say(formatIssues(diagnostics));
    }
    const all = (kind: keyof Definitions) =>
      results.flatMap(({ definitions }) => definitions[kind] as never[]);
    const name = flags['golden-path'];
    const goldenPaths = await tryGoldenPaths({
      definitions: {
        environments: all('environments'),
        providers: all('providers'),
        goldenPaths: all('goldenPaths'),
        workflows: all('workflows'),
        policies: all('policies'),
      },
      names: name === undefined ? undefined : [name],
      parameters: Object.fromEntries(splitAssignments(flags.param, '--param')),
    });
    if (goldenPaths.length === 0 && !hasErrors(diagnostics)) {
      throw new CliError(
        name === undefined
          ? 'There is no golden path in these files.'
          : `There is no golden path "${name}" in these files.`,
        { next: 'Name the folder with "kind: GoldenPath".' },
      );
    }
    const failed = goldenPaths.filter(({ status }) => status !== 'succeeded');
    await context.out.object(
      { goldenPaths, issues: diagnostics },
      {
        text: () =>
          [
            ...goldenPaths.flatMap(goldenPathLines),
            `${goldenPaths.length - failed.length} of ${goldenPaths.length} golden paths succeeded`,
          ].join('\n'),
        name: () => failed.map(item => item.name).join('\n'),
      },
    );
    return failed.length > 0 || hasErrors(diagnostics)
      ? ExitCode.failed
      : undefined;
  },
});

function goldenPathLines(goldenPath: TriedGoldenPath): string[] {
  const { name, status, failure, steps } = goldenPath;
  const about = `${name}${failure ? ` (${failure})` : ''}`;
  return [
    `${status.padEnd(9)}  ${safeLine(about)}`,
    ...steps.map(
      step =>
        `  ${step.status.padEnd(9)}  ${safeLine(step.name)}${
          step.skipReason ? `: ${safeLine(step.skipReason)}` : ''
        }`,
    ),
  ];
}
