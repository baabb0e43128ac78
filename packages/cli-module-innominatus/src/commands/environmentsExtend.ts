import { environmentText } from '../environments/environmentText';
import { defineCommand } from '../framework/command';
import { UsageError } from '../framework/errors';
import { environmentArg } from './sharedFlags';

export const environmentsExtendCommand = defineCommand({
  name: 'environments extend',
  summary: 'Let a short-lived environment live longer',
  args: [environmentArg],
  flags: {
    by: {
      type: 'string',
      value: 'TIME',
      description: 'So long after its end, for example 1d',
    },
    until: {
      type: 'string',
      value: 'TIME',
      description: 'Up to this time, for example 2027-06-01T18:00:00Z',
    },
  },
  examples: [
    {
      line: 'innominatus environments extend feature-login --by 1d',
      about: 'one more day',
    },
  ],
  async run(context, { args, flags }) {
    const { by, until } = flags;
    if ((by === undefined) === (until === undefined)) {
      throw new UsageError('Say how long: --by 1d, or --until and a time.');
    }
    const client = await context.client();
    const environment = await client.extendEnvironment(
      args.environment,
      by === undefined ? { until: until ?? '' } : { by },
    );
    await context.out.object(environment, {
      text: styles => environmentText(environment, styles),
      name: () => environment.name,
    });
  },
});
