import type { GoldenPath } from '@innominatus/backstage-plugin-innominatus-common';
import { defineCommand } from '../framework/command';
import { hasProblems, noteProblems } from '../providers/noteProblems';
import { stateText } from '../providers/providerText';
import { limitFlag, showPages } from '../output/pages';

export const goldenPathsListCommand = defineCommand({
  name: 'golden-paths list',
  summary: 'List golden paths',
  flags: {
    category: {
      type: 'string',
      value: 'NAME',
      description: 'Only golden paths of this category',
    },
    limit: limitFlag,
  },
  examples: [
    { line: 'innominatus golden-paths list', about: 'what can be run' },
  ],
  async run(context, { flags }) {
    const client = await context.client();
    const broken: GoldenPath[] = [];
    await showPages(context, {
      limit: flags.limit,
      read: async page => {
        const answer = await client.listGoldenPaths({
          ...page,
          category: flags.category ? [flags.category] : undefined,
        });
        broken.push(...answer.items.filter(hasProblems));
        return answer;
      },
      view: {
        name: path => path.name,
        columns: [
          { title: 'Name', value: path => path.name },
          { title: 'Title', value: path => path.title },
          { title: 'Category', value: path => path.category },
          { title: 'Takes', value: path => path.estimatedDuration },
          {
            title: 'Required',
            value: path =>
              path.parameters
                .filter(({ required }) => required)
                .map(({ name }) => name)
                .join(', '),
          },
          { title: 'State', value: path => stateText(path) },
          { title: 'Version', value: path => path.version, wide: true },
          { title: 'Source', value: path => path.source, wide: true },
          { title: 'Owner', value: path => path.owner, wide: true },
          { title: 'Tags', value: path => path.tags.join(', '), wide: true },
          { title: 'Description', value: path => path.description, wide: true },
        ],
      },
      empty:
        'There are no golden paths. The platform team adds them under innominatus.locations.',
    });
    noteProblems(context, broken);
  },
});
