import {
  formatApplication,
  resolveApplication,
} from '../applications/reference';
import { startPlanned } from '../applications/startPlanned';
import { defineCommand } from '../framework/command';
import { envFlag, freezeFlag, startFlags } from './sharedFlags';

export const rollbackCommand = defineCommand({
  name: 'rollback',
  summary: 'Go back to an earlier deployment',
  description:
    'Without --to it is the last one that succeeded before the current one and was\nanother thing; after a failure the last one that succeeded. Shows what changes,\nand asks, before it deploys.',
  args: [
    {
      name: 'application',
      required: true,
      description: 'ENV/NAME',
      complete: 'application',
    },
  ],
  flags: {
    env: envFlag,
    to: {
      type: 'integer',
      value: 'N',
      description: 'Number of the deployment to go back to',
    },
    'dry-run': { type: 'boolean', description: 'Only show the plan' },
    ...freezeFlag,
    ...startFlags,
  },
  examples: [
    {
      line: 'innominatus rollback production/orders --watch',
      about: 'go back and see how it goes',
    },
    {
      line: 'innominatus rollback production/orders --to 7 --dry-run',
      about: 'see what going back to deployment 7 would change',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const application = await resolveApplication(args.application, {
      environment: flags.env,
      client,
    });
    return startPlanned(context, {
      application,
      request: {
        action: 'rollback',
        ...(flags.to === undefined ? {} : { target: { deployment: flags.to } }),
      },
      question: `Roll back ${formatApplication(application)}?`,
      refusal: 'Nothing was rolled back.',
      overrideFreeze: flags['override-freeze'],
      dryRun: flags['dry-run'],
      idempotencyKey: flags['idempotency-key'],
      watch: flags.watch,
      timeoutMs: flags.timeout,
    });
  },
});
