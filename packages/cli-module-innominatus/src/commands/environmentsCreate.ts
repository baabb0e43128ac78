import { environmentText } from '../environments/environmentText';
import { readEnvironmentFile } from '../environments/readEnvironmentFile';
import { defineCommand } from '../framework/command';
import { UsageError } from '../framework/errors';

export const environmentsCreateCommand = defineCommand({
  name: 'environments create',
  summary: 'Make an environment, or a short-lived one for a branch',
  description:
    'With --from, and --branch or --pull-request, makes a short-lived copy of an\nenvironment that allows it. Asking again for the same branch answers the one\nthat exists, so this can stand in a pipeline.',
  args: [
    {
      name: 'environment',
      description: 'Name; not for a copy, which is named after its branch',
    },
  ],
  flags: {
    file: {
      type: 'string',
      value: 'FILE',
      description: 'Definition as YAML, or "-" for stdin',
      complete: 'file',
    },
    from: {
      type: 'string',
      value: 'ENV',
      description: 'Environment to make a short-lived copy of',
      complete: 'environment',
    },
    branch: {
      type: 'string',
      value: 'BRANCH',
      description: 'Branch that the copy is for',
    },
    'pull-request': {
      type: 'integer',
      value: 'N',
      description: 'Pull request that the copy is for',
    },
    project: {
      type: 'string',
      value: 'NAME',
      description: 'Repository or component, when several share an environment',
    },
    ttl: {
      type: 'string',
      value: 'TIME',
      description: 'How long the copy lives, for example 4h',
    },
    'idempotency-key': {
      type: 'string',
      value: 'KEY',
      description: 'The same key and request make only one',
    },
  },
  examples: [
    {
      line: 'innominatus environments create --from development --branch feature/login --ttl 4h -o name',
      about: 'for a branch; prints its name',
    },
    {
      line: 'innominatus environments create qa --file qa.yaml',
      about: 'one that stays',
    },
  ],
  async run(context, { args, flags }) {
    const { from, branch, project, ttl } = flags;
    const isCopy = from !== undefined;
    if (isCopy === (flags.file !== undefined)) {
      throw new UsageError(
        'Say what to make: --file with a definition, or --from with --branch or --pull-request.',
      );
    }
    const client = await context.client();
    const call = { idempotencyKey: flags['idempotency-key'] };
    const environment = isCopy
      ? await client.createEphemeralEnvironment(
          { from, project, branch, pullRequest: flags['pull-request'], ttl },
          call,
        )
      : await client.createEnvironment(
          await readEnvironmentFile(
            context,
            flags.file ?? '',
            args.environment,
          ),
          call,
        );
    await context.out.object(environment, {
      text: styles => environmentText(environment, styles),
      name: () => environment.name,
    });
    context.talk.next(
      `Deploy there: innominatus deploy score.yaml --env ${environment.name}`,
    );
  },
});
