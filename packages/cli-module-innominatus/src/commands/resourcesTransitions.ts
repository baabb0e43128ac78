import { defineCommand } from '../framework/command';
import { humanAge } from '../output/time';
import { resolveResource, resourceArg } from '../resources/reference';
import { envFlag } from './sharedFlags';

export const resourcesTransitionsCommand = defineCommand({
  name: 'resources transitions',
  summary: 'List the states a resource went through, and why',
  args: [resourceArg],
  flags: { env: envFlag },
  examples: [
    {
      line: 'innominatus resources transitions development/orders/db',
      about: 'the life of one resource so far',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const resource = await resolveResource(client, {
      target: args.resource,
      environment: flags.env,
    });
    const page = await client.listResourceTransitions(resource.id);
    await context.out.list(page, {
      name: item => item.to,
      columns: [
        { title: 'When', value: item => humanAge(item.at) },
        { title: 'From', value: item => item.from, state: true },
        { title: 'To', value: item => item.to, state: true },
        { title: 'By', value: item => item.by },
        { title: 'Reason', value: item => item.reason },
        { title: 'Run', value: item => item.runId, wide: true },
        { title: 'At', value: item => item.at, wide: true },
      ],
    });
    if (page.items.length === 0) {
      context.talk.say(
        `Nothing has happened to "${resource.uid}" yet; it is ${resource.state}.`,
      );
    }
  },
});
