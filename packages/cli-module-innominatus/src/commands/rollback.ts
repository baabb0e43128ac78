import { planHeadline } from '../applications/planText';
import {
  formatApplication,
  resolveApplication,
} from '../applications/reference';
import { startDeployment } from '../applications/startDeployment';
import { defineCommand } from '../framework/command';
import { CliError } from '../framework/errors';
import { envFlag, startFlags } from './sharedFlags';

export const rollbackCommand = defineCommand({
  name: 'rollback',
  summary: 'Go back to the revision before the current one',
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
      line: 'innominatus rollback production/orders --watch',
      about: 'go back and see how it goes',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const application = await resolveApplication(args.application, {
      environment: flags.env,
      client,
    });
    const plan = await client.plan(application, { action: 'rollback' });
    context.talk.say(planHeadline(plan));
    if (
      !(await context.confirm(`Roll back ${formatApplication(application)}?`))
    ) {
      throw new CliError('Nothing was rolled back.');
    }
    return startDeployment(context, {
      application,
      request: { action: 'rollback', planHash: plan.hash },
      idempotencyKey: flags['idempotency-key'],
      watch: flags.watch,
      timeoutMs: flags.timeout,
    });
  },
});
