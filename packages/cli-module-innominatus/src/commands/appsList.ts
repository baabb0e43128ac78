import { showApplications } from '../applications/showApplications';
import { defineCommand } from '../framework/command';
import { limitFlag } from '../output/pages';
import { envFlag } from './sharedFlags';

export const appsListCommand = defineCommand({
  name: 'apps list',
  summary: 'List applications',
  flags: {
    env: envFlag,
    limit: limitFlag,
    details: { type: 'boolean', description: 'The same as -o wide' },
  },
  examples: [
    {
      line: 'innominatus apps list --env development',
      about: 'what is in one environment',
    },
  ],
  async run(context, { flags }) {
    await showApplications(context, {
      environment: flags.env,
      limit: flags.limit,
      wide: flags.details,
    });
  },
});
