import {
  showApplication,
  showApplications,
} from '../applications/showApplications';
import { defineCommand } from '../framework/command';
import { envFlag } from './sharedFlags';

export const statusCommand = defineCommand({
  name: 'status',
  summary: 'Show how an application is, or all of them',
  args: [
    {
      name: 'application',
      description: 'ENV/NAME; without it all applications are listed',
      complete: 'application',
    },
  ],
  flags: { env: envFlag },
  examples: [
    {
      line: 'innominatus status development/orders',
      about: 'last deployment, resources and how to reach them',
    },
  ],
  async run(context, { args, flags }) {
    if (args.application) {
      await showApplication(context, args.application, flags.env);
    } else {
      await showApplications(context, { environment: flags.env });
    }
  },
});
