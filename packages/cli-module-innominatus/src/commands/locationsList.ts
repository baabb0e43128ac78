import { defineCommand } from '../framework/command';
import { limitFlag, showPages } from '../output/pages';

const SHORT_REVISION = 9;

export const locationsListCommand = defineCommand({
  name: 'locations list',
  summary: 'List where definitions come from and what of them is in use',
  flags: { limit: limitFlag },
  examples: [
    {
      line: 'innominatus locations list -o wide',
      about: 'with what went wrong',
    },
  ],
  async run(context, { flags }) {
    const client = await context.client();
    await showPages(context, {
      limit: flags.limit,
      read: page => client.listLocations(page),
      view: {
        name: location => location.target,
        columns: [
          { title: 'Target', value: location => location.target },
          { title: 'Ref', value: location => location.ref },
          {
            title: 'Revision',
            value: location => location.revision?.slice(0, SHORT_REVISION),
          },
          {
            title: 'State',
            value: location =>
              location.cached
                ? `${location.state}, a copy is in use`
                : location.state,
          },
          {
            title: 'In use',
            value: location =>
              location.definitions.filter(({ state }) => state !== 'refused')
                .length,
          },
          {
            title: 'With errors',
            value: location =>
              location.definitions.filter(({ state }) => state !== 'active')
                .length,
          },
          { title: 'Read', value: location => location.readAt, wide: true },
          { title: 'Error', value: location => location.error, wide: true },
        ],
      },
      empty:
        'There are no locations. They are listed in innominatus.locations.',
    });
  },
});
