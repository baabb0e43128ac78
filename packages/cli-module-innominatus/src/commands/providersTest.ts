import {
  type Definitions,
  type TriedOperation,
  hasErrors,
  readDefinitions,
  tryProviders,
} from '@innominatus/backstage-plugin-innominatus-common';
import { splitAssignments } from '../applications/parameters';
import { defineCommand } from '../framework/command';
import { CliError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { safeLine } from '../output/text';
import { readDefinitionFiles } from '../providers/readDefinitionFiles';
import { formatIssues } from '../score/formatIssues';

export const providersTestCommand = defineCommand({
  name: 'providers test',
  summary: 'Try every operation of the providers in files, with nothing behind',
  description:
    'Reads the files, makes up params from the schemas and lets every step answer\nwhat is asked of it. Finds references, conditions and outputs that do not fit.',
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
    param: {
      type: 'list',
      value: 'KEY=VALUE',
      description: 'A param in place of a made up one',
    },
  },
  examples: [
    {
      line: 'innominatus providers test ./providers/queues',
      about: 'before it is pushed',
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
    const operations = await tryProviders({
      definitions: {
        environments: all('environments'),
        providers: all('providers'),
        goldenPaths: all('goldenPaths'),
        workflows: all('workflows'),
        policies: all('policies'),
      },
      params: Object.fromEntries(splitAssignments(flags.param, '--param')),
    });
    if (operations.length === 0 && !hasErrors(diagnostics)) {
      throw new CliError('There is no provider in these files.', {
        next: 'Name the folder with "kind: Provider" and its workflows.',
      });
    }
    const failed = operations.filter(({ status }) => status !== 'succeeded');
    await context.out.object(
      { operations, issues: diagnostics },
      {
        text: () =>
          [
            ...operations.map(operationText),
            `${operations.length - failed.length} of ${operations.length} operations succeeded`,
          ].join('\n'),
        name: () => failed.map(nameOf).join('\n'),
      },
    );
    return failed.length > 0 || hasErrors(diagnostics)
      ? ExitCode.failed
      : undefined;
  },
});

function nameOf({ provider, type, operation }: TriedOperation): string {
  return `${provider}/${type}/${operation}`;
}

function operationText(operation: TriedOperation): string {
  const { status, failure, steps } = operation;
  const path = steps
    .filter(step => step.status !== 'skipped')
    .map(({ name }) => name)
    .join(', ');
  const about = `${nameOf(operation)}${path ? `: ${path}` : ''}${failure ? ` (${failure})` : ''}`;
  return `${status.padEnd(9)}  ${safeLine(about)}`;
}
