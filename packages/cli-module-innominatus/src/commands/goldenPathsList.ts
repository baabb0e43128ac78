import { defineCommand } from '../framework/command';
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
    await showPages(context, {
      limit: flags.limit,
      read: page =>
        client.listGoldenPaths({
          ...page,
          category: flags.category ? [flags.category] : undefined,
        }),
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
          { title: 'Version', value: path => path.version, wide: true },
          { title: 'Owner', value: path => path.owner, wide: true },
          { title: 'Tags', value: path => path.tags.join(', '), wide: true },
          { title: 'Description', value: path => path.description, wide: true },
        ],
      },
      empty:
        'There are no golden paths. The platform team adds them under innominatus.locations.',
    });
  },
});
