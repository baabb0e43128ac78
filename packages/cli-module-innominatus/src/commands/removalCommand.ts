import { resolveApplication } from '../applications/reference';
import { removeApplication } from '../applications/removeApplication';
import { defineCommand } from '../framework/command';
import { applicationArg, envFlag, freezeFlag, startFlags } from './sharedFlags';

/** A command that takes away what runs, and asks first. */
export function removalCommand(options: {
  action: 'delete' | 'deprovision';
  summary: string;
  description: string;
  about: string;
}) {
  const { action, summary, description, about } = options;
  return defineCommand({
    name: action,
    summary,
    description,
    args: [applicationArg],
    flags: { env: envFlag, ...freezeFlag, ...startFlags },
    examples: [
      { line: `innominatus ${action} development/orders --watch`, about },
    ],
    async run(context, { args, flags }) {
      const client = await context.client();
      return removeApplication(context, {
        application: await resolveApplication(args.application, {
          environment: flags.env,
          client,
        }),
        action,
        overrideFreeze: flags['override-freeze'],
        idempotencyKey: flags['idempotency-key'],
        watch: flags.watch,
        timeoutMs: flags.timeout,
      });
    },
  });
}
