import { defineCommand } from '../framework/command';
import { UsageError } from '../framework/errors';
import { resolveResource, resourceArg } from '../resources/reference';
import { envFlag } from './sharedFlags';

export const resourcesRevealCommand = defineCommand({
  name: 'resources reveal',
  summary: 'Show a secret output of a resource',
  description:
    'Prints the bare value, so that it can go into a pipe. Who asked and why is kept, and the platform team can see it.',
  args: [
    resourceArg,
    {
      name: 'output',
      required: true,
      description: 'Name of the output, for example password',
    },
  ],
  flags: {
    env: envFlag,
    reason: {
      type: 'string',
      value: 'TEXT',
      description: 'Why you need it, for the record',
    },
  },
  examples: [
    {
      line: 'innominatus resources reveal development/orders/db password --reason "Look at the stuck migration"',
      about: 'the password of a database',
    },
  ],
  async run(context, { args, flags }) {
    const reason = flags.reason?.trim();
    if (!reason) {
      throw new UsageError('A secret is shown only for a reason.', {
        next: `Add one: innominatus resources reveal ${args.resource} ${args.output} --reason "…"`,
      });
    }
    const client = await context.client();
    const { id } = await resolveResource(client, {
      target: args.resource,
      environment: flags.env,
    });
    const revealed = await client.revealResourceOutput(id, {
      output: args.output,
      reason,
    });
    await context.out.object(revealed, {
      text: () => revealed.value,
      name: () => revealed.output,
    });
  },
});
