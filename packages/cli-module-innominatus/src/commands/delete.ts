import { resolveApplication } from '../applications/reference';
import { removeApplication } from '../applications/removeApplication';
import { defineCommand } from '../framework/command';
import { applicationArg, envFlag, freezeFlag, startFlags } from './sharedFlags';

export const deleteCommand = defineCommand({
  name: 'delete',
  summary: 'Remove an application with its resources',
  description:
    'Asks for the name of the application; --yes answers for scripts.',
  args: [applicationArg],
  flags: { env: envFlag, ...freezeFlag, ...startFlags },
  examples: [
    {
      line: 'innominatus delete development/orders --watch',
      about: 'remove it and see how it goes',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    return removeApplication(context, {
      application: await resolveApplication(args.application, {
        environment: flags.env,
        client,
      }),
      action: 'delete',
      overrideFreeze: flags['override-freeze'],
      idempotencyKey: flags['idempotency-key'],
      watch: flags.watch,
      timeoutMs: flags.timeout,
    });
  },
});
