import { defineCommand } from '../framework/command';
import { providerText, stateText } from '../providers/providerText';

export const providersGetCommand = defineCommand({
  name: 'providers get',
  summary: 'Show a provider, its resource types and what is wrong with it',
  args: [
    {
      name: 'name',
      required: true,
      description: 'Name of the provider',
    },
  ],
  examples: [
    {
      line: 'innominatus providers get simulator',
      about: 'what it takes and gives',
    },
  ],
  async run(context, { args }) {
    const client = await context.client();
    const provider = await client.getProvider(args.name);
    await context.out.object(provider, {
      text: styles => providerText(provider, styles),
      name: () => provider.name,
    });
    if (provider.state !== 'active') {
      context.talk.say(
        `Its files have errors (${stateText(provider)}). Mend them, then: innominatus providers refresh`,
      );
    }
  },
});
