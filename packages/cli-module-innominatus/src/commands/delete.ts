import { planHeadline, planRemovals } from '../applications/planText';
import {
  formatApplication,
  resolveApplication,
} from '../applications/reference';
import { startDeployment } from '../applications/startDeployment';
import { defineCommand } from '../framework/command';
import { CliError } from '../framework/errors';
import { envFlag, startFlags } from './sharedFlags';

export const deleteCommand = defineCommand({
  name: 'delete',
  summary: 'Remove an application with its resources',
  description:
    'Asks for the name of the application; --yes answers for scripts.',
  args: [
    {
      name: 'application',
      required: true,
      description: 'ENV/NAME',
      complete: 'application',
    },
  ],
  flags: { env: envFlag, ...startFlags },
  examples: [
    {
      line: 'innominatus delete development/orders --watch',
      about: 'remove it and see how it goes',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const application = await resolveApplication(args.application, {
      environment: flags.env,
      client,
    });
    const plan = await client.plan(application, { action: 'delete' });
    const label = formatApplication(application);
    context.talk.say(planHeadline(plan));
    const removals = planRemovals(plan);
    const question = removals.length
      ? `This deletes ${label} and removes ${removals.join(', ')} with all data.`
      : `This deletes ${label}.`;
    if (!(await context.confirm(question, application.name))) {
      throw new CliError('Nothing was deleted.');
    }
    return startDeployment(context, {
      application,
      request: { action: 'delete', planHash: plan.hash },
      idempotencyKey: flags['idempotency-key'],
      watch: flags.watch,
      timeoutMs: flags.timeout,
    });
  },
});
