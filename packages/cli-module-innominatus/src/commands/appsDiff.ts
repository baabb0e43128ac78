import {
  formatApplication,
  resolveApplication,
} from '../applications/reference';
import { diffText } from '../applications/diffText';
import { defineCommand } from '../framework/command';

export const appsDiffCommand = defineCommand({
  name: 'apps diff',
  summary: 'Compare what is deployed of two applications',
  description:
    'Score spec, parameters of resources and rendered manifests. Changes nothing.',
  args: [
    {
      name: 'from',
      required: true,
      description: 'ENV/NAME',
      complete: 'application',
    },
    {
      name: 'to',
      required: true,
      description: 'ENV/NAME',
      complete: 'application',
    },
  ],
  flags: {},
  examples: [
    {
      line: 'innominatus apps diff staging/orders production/orders',
      about: 'what would change if staging became as production',
    },
  ],
  async run(context, { args }) {
    const client = await context.client();
    const [from, to] = [
      await resolveApplication(args.from, { client }),
      await resolveApplication(args.to, { client }),
    ];
    const diff = await client.diffApplications(from, to);
    await context.out.object(diff, {
      text: styles => diffText(diff, styles),
      name: () => `${formatApplication(from)} ${formatApplication(to)}`,
    });
  },
});
