import { environmentText } from '../environments/environmentText';
import { defineCommand } from '../framework/command';
import { CliError } from '../framework/errors';
import { environmentArg } from './sharedFlags';

export const environmentsDeleteCommand = defineCommand({
  name: 'environments delete',
  summary: 'Remove an environment with everything in it',
  description:
    'Deletes each application there, with its resources, and then the environment.\nAsks first; without a terminal, --yes answers.',
  args: [environmentArg],
  flags: {
    reason: {
      type: 'string',
      value: 'TEXT',
      description: 'Why, for the audit log',
    },
  },
  examples: [
    {
      line: 'innominatus environments delete feature-login --yes',
      about: 'when the branch is merged',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const name = args.environment;
    const { version = '*' } = await client.getEnvironmentVersion(name);
    const { items } = await client.listApplications({
      environment: [name],
      limit: 200,
    });
    const what =
      items.length === 0
        ? 'Nothing is in it.'
        : `This deletes ${items.map(item => item.name).join(', ')} with all data.`;
    if (!(await context.confirm(`${what} Remove "${name}"?`))) {
      throw new CliError('Nothing was removed.');
    }
    const environment = await client.deleteEnvironment(name, {
      version,
      reason: flags.reason,
    });
    await context.out.object(environment, {
      text: styles => environmentText(environment, styles),
      name: () => environment.name,
    });
    context.talk.next(
      `It is gone once it is not found any more: innominatus environments get ${name}`,
    );
  },
});
