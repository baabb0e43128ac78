import { targetText } from '../applications/targetText';
import { defineCommand } from '../framework/command';
import { limitFlag, showPages } from '../output/pages';

export const environmentsListCommand = defineCommand({
  name: 'environments list',
  summary: 'List environments',
  flags: { limit: limitFlag },
  examples: [
    { line: 'innominatus environments list', about: 'where one can deploy to' },
  ],
  async run(context, { flags }) {
    const client = await context.client();
    await showPages(context, {
      limit: flags.limit,
      read: page => client.listEnvironments(page),
      view: {
        name: environment => environment.name,
        columns: [
          { title: 'Name', value: environment => environment.name },
          { title: 'Type', value: environment => environment.type },
          {
            title: 'Target',
            value: environment => targetText(environment.target),
          },
          {
            title: 'Ends',
            value: environment =>
              environment.state === 'removing'
                ? 'being removed'
                : environment.expiresAt,
          },
          {
            title: 'Made from',
            value: environment => environment.copyOf?.environment,
            wide: true,
          },
          {
            title: 'Title',
            value: environment => environment.title,
            wide: true,
          },
          {
            title: 'Description',
            value: environment => environment.description,
            wide: true,
          },
        ],
      },
      empty:
        'There are no environments. The platform team adds them under innominatus.locations, or with: innominatus environments create',
    });
  },
});
