import { defineCommand } from '../framework/command';
import { formatIssues } from '../score/formatIssues';

export const providersRefreshCommand = defineCommand({
  name: 'providers refresh',
  summary: 'Read providers, golden paths and environments again',
  examples: [
    {
      line: 'innominatus providers refresh',
      about: 'after a change in the files',
    },
  ],
  async run(context) {
    const client = await context.client();
    const summary = await client.refreshProviders();
    await context.out.object(summary, {
      text: () =>
        [
          `Providers ${summary.providers}, golden paths ${summary.goldenPaths}, environments ${summary.environments}`,
          ...(summary.problems.length > 0
            ? [formatIssues(summary.problems)]
            : []),
        ].join('\n'),
      name: () => String(summary.providers),
    });
  },
});
