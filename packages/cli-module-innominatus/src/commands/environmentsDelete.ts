import type { InnominatusClient } from '@innominatus/backstage-plugin-innominatus-common';
import { environmentText } from '../environments/environmentText';
import { defineCommand } from '../framework/command';
import { CommandContext } from '../framework/context';
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
    const { environment: found, version = '*' } =
      await client.getEnvironmentVersion(name);
    // The backend says why not; nobody is frightened before.
    const isPossible = found.allowedActions?.delete.allowed !== false;
    if (isPossible && !(await confirmRemoval(context, client, name))) {
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

async function confirmRemoval(
  context: CommandContext,
  client: InnominatusClient,
  name: string,
): Promise<boolean> {
  const { items } = await client.listApplications({
    environment: [name],
    limit: 200,
  });
  const what =
    items.length === 0
      ? 'Nothing is in it.'
      : `This deletes ${items.map(item => item.name).join(', ')} with all data.`;
  return context.confirm(`${what} Remove "${name}"?`);
}
