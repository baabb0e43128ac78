import { parseApplication } from '../applications/reference';
import { startPlanned } from '../applications/startPlanned';
import { defineCommand } from '../framework/command';
import { UsageError } from '../framework/errors';
import { freezeFlag, startFlags } from './sharedFlags';

export const promoteCommand = defineCommand({
  name: 'promote',
  summary: 'Deploy in one environment what runs in another',
  description:
    'Takes the revision that runs there, and the golden path and parameters that\nwere used here last. Shows what changes, and asks, before it deploys.',
  args: [
    {
      name: 'name',
      required: true,
      description: 'Name of the application',
      complete: 'application',
    },
  ],
  flags: {
    from: {
      type: 'string',
      value: 'ENV',
      description: 'Where it runs',
      complete: 'environment',
    },
    to: {
      type: 'string',
      value: 'ENV',
      description: 'Where it shall run',
      complete: 'environment',
    },
    'dry-run': { type: 'boolean', description: 'Only show the plan' },
    ...freezeFlag,
    ...startFlags,
  },
  examples: [
    {
      line: 'innominatus promote orders --from staging --to production --watch',
      about: 'bring to production what runs in staging',
    },
  ],
  async run(context, { args, flags }) {
    const parsed = parseApplication(args.name, flags.from);
    const from = flags.from ?? parsed.environment;
    if (!from || !flags.to || from === flags.to) {
      throw new UsageError(
        'Say from where to where, with two environments in --from and --to.',
        {
          next: `For example: innominatus promote ${parsed.name} --from staging --to production`,
        },
      );
    }
    return startPlanned(context, {
      application: { environment: flags.to, name: parsed.name },
      request: { action: 'promote', from },
      question: `Promote ${parsed.name} from ${from} to ${flags.to}?`,
      refusal: 'Nothing was promoted.',
      overrideFreeze: flags['override-freeze'],
      dryRun: flags['dry-run'],
      idempotencyKey: flags['idempotency-key'],
      watch: flags.watch,
      timeoutMs: flags.timeout,
    });
  },
});
