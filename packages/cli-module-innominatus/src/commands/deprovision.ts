import { resolveApplication } from '../applications/reference';
import { removeApplication } from '../applications/removeApplication';
import { defineCommand } from '../framework/command';
import { applicationArg, envFlag, freezeFlag, startFlags } from './sharedFlags';

export const deprovisionCommand = defineCommand({
  name: 'deprovision',
  summary: 'Remove what an application runs on, and keep the application',
  description:
    'Its manifests and resources go away; its name and its history stay, and it can\nbe deployed again. Asks for the name; --yes answers for scripts.',
  args: [applicationArg],
  flags: { env: envFlag, ...freezeFlag, ...startFlags },
  examples: [
    {
      line: 'innominatus deprovision development/orders --watch',
      about: 'take it down and see how it goes',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    return removeApplication(context, {
      application: await resolveApplication(args.application, {
        environment: flags.env,
        client,
      }),
      action: 'deprovision',
      overrideFreeze: flags['override-freeze'],
      idempotencyKey: flags['idempotency-key'],
      watch: flags.watch,
      timeoutMs: flags.timeout,
    });
  },
});
