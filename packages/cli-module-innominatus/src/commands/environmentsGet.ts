import { environmentText } from '../environments/environmentText';
import { defineCommand } from '../framework/command';
import { environmentArg } from './sharedFlags';

export const environmentsGetCommand = defineCommand({
  name: 'environments get',
  summary: 'Show one environment',
  args: [environmentArg],
  examples: [
    {
      line: 'innominatus environments get development',
      about: 'its type, target, rules and end',
    },
  ],
  async run(context, { args }) {
    const client = await context.client();
    const environment = await client.getEnvironment(args.environment);
    await context.out.object(environment, {
      text: styles => environmentText(environment, styles),
      name: () => environment.name,
    });
  },
});
