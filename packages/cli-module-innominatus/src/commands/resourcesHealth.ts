import { defineCommand } from '../framework/command';
import { humanAge } from '../output/time';
import { resolveResource, resourceArg } from '../resources/reference';
import { envFlag } from './sharedFlags';

export const resourcesHealthCommand = defineCommand({
  name: 'resources health',
  summary: 'List what the health checks of a resource said',
  description:
    'One line for each time in which they said the same. "unknown" means that the check could not be made, which says nothing about the resource.',
  args: [resourceArg],
  flags: {
    env: envFlag,
    check: {
      type: 'boolean',
      description: 'Check now, before the list is shown',
    },
  },
  examples: [
    {
      line: 'innominatus resources health development/orders/db --check',
      about: 'look now',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const resource = await resolveResource(client, {
      target: args.resource,
      environment: flags.env,
    });
    if (flags.check) {
      const { state } = await client.checkResourceHealth(resource.id);
      context.talk.say(`"${resource.uid}" is ${state}.`);
    }
    const history = await client.getResourceHealth(resource.id);
    await context.out.list(history, {
      name: item => item.status,
      columns: [
        { title: 'Since', value: item => humanAge(item.since) },
        { title: 'Last', value: item => humanAge(item.until) },
        { title: 'Health', value: item => item.status, state: true },
        { title: 'Checks', value: item => item.checks },
        { title: 'Message', value: item => item.message },
        { title: 'Ms', value: item => item.durationMs, wide: true },
      ],
    });
    if (history.items.length === 0) {
      context.talk.say(
        'There was no health check yet, or its provider declares none.',
      );
    }
  },
});
