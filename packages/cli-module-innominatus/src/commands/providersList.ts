import type { ProviderSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { defineCommand } from '../framework/command';
import { hasProblems, noteProblems } from '../providers/noteProblems';
import { stateText } from '../providers/providerText';
import { limitFlag, showPages } from '../output/pages';

export const providersListCommand = defineCommand({
  name: 'providers list',
  summary: 'List providers and the resource types they know',
  flags: { limit: limitFlag },
  examples: [
    {
      line: 'innominatus providers list -o wide',
      about: 'with problems of their files',
    },
  ],
  async run(context, { flags }) {
    const client = await context.client();
    const broken: ProviderSummary[] = [];
    await showPages(context, {
      limit: flags.limit,
      read: async page => {
        const answer = await client.listProviders(page);
        broken.push(...answer.items.filter(hasProblems));
        return answer;
      },
      view: {
        name: provider => provider.name,
        columns: [
          { title: 'Name', value: provider => provider.name },
          { title: 'Version', value: provider => provider.version },
          {
            title: 'Resource types',
            value: provider =>
              [
                ...new Set(
                  provider.resourceTypes.map(entry =>
                    entry.class ? `${entry.type}.${entry.class}` : entry.type,
                  ),
                ),
              ].join(', '),
          },
          { title: 'State', value: provider => stateText(provider) },
          { title: 'Owner', value: provider => provider.owner },
          {
            title: 'Problems',
            value: provider => provider.problems.length,
          },
          { title: 'Source', value: provider => provider.source, wide: true },
          {
            title: 'First problem',
            value: provider => provider.problems[0]?.message,
            wide: true,
          },
        ],
      },
      empty:
        'There are no providers. The platform team adds them under innominatus.locations.',
    });
    noteProblems(context, broken);
  },
});
