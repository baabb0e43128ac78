import { showApplication } from '../applications/showApplications';
import { defineCommand } from '../framework/command';
import { envFlag } from './sharedFlags';

export const appsGetCommand = defineCommand({
  name: 'apps get',
  summary: 'Show one application',
  args: [
    {
      name: 'application',
      required: true,
      description: 'ENV/NAME',
      complete: 'application',
    },
  ],
  flags: { env: envFlag },
  examples: [
    {
      line: 'innominatus apps get development/orders -o yaml',
      about: 'everything, for programs',
    },
  ],
  async run(context, { args, flags }) {
    await showApplication(context, args.application, flags.env);
  },
});
