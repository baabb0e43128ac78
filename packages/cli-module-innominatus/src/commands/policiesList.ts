import { defineCommand } from '../framework/command';
import { limitFlag, showPages } from '../output/pages';

export const policiesListCommand = defineCommand({
  name: 'policies list',
  summary: 'List policies that plans are judged by',
  flags: { limit: limitFlag },
  examples: [
    { line: 'innominatus policies list', about: 'by name, with their tier' },
  ],
  async run(context, { flags }) {
    const client = await context.client();
    await showPages(context, {
      limit: flags.limit,
      read: page => client.listPolicies(page),
      view: {
        name: policy => policy.name,
        columns: [
          { title: 'Name', value: policy => policy.name },
          { title: 'Tier', value: policy => policy.tier },
          { title: 'When broken', value: policy => policy.enforcement },
          { title: 'Rules', value: policy => policy.rules.length },
          { title: 'Title', value: policy => policy.title },
          { title: 'Owner', value: policy => policy.owner, wide: true },
          { title: 'Source', value: policy => policy.source, wide: true },
        ],
      },
      empty:
        'There are no policies. The platform team adds them under innominatus.locations.',
    });
  },
});
