import {
  formatApplication,
  resolveApplication,
} from '../applications/reference';
import {
  repairedResourceFlag,
  repairRequest,
} from '../applications/repairRequest';
import { startPlanned } from '../applications/startPlanned';
import { defineCommand } from '../framework/command';
import { envFlag, freezeFlag, startFlags } from './sharedFlags';

export const appsRepairCommand = defineCommand({
  name: 'apps repair',
  summary: 'Bring back what is recorded where something drifted',
  description:
    'A deployment of what is deployed already. Shows what changes, and asks,\nbefore it begins.',
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
    resource: repairedResourceFlag,
    'dry-run': { type: 'boolean', description: 'Only show the plan' },
    ...freezeFlag,
    ...startFlags,
  },
  examples: [
    {
      line: 'innominatus apps repair production/orders --dry-run',
      about: 'see what it would do',
    },
    {
      line: 'innominatus apps repair production/orders --resource db --watch',
      about: 'bring one resource back and see how it goes',
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
      request: repairRequest(flags.resource),
      question: `Repair ${formatApplication(application)}?`,
      refusal: 'Nothing was repaired.',
      overrideFreeze: flags['override-freeze'],
      dryRun: flags['dry-run'],
      idempotencyKey: flags['idempotency-key'],
      watch: flags.watch,
      timeoutMs: flags.timeout,
    });
  },
});
