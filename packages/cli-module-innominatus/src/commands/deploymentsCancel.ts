import { formatApplication } from '../applications/reference';
import { deploymentArg, resolveDeployment } from '../deployments/reference';
import { deploymentText } from '../deployments/deploymentText';
import { defineCommand } from '../framework/command';
import { CliError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { envFlag } from './sharedFlags';

export const deploymentsCancelCommand = defineCommand({
  name: 'deployments cancel',
  summary: 'Withdraw a deployment that waits for approval',
  description:
    'Nobody is asked any more, and nothing of the application changes. One that\nhas begun is stopped with: runs cancel.',
  args: [deploymentArg],
  flags: {
    env: envFlag,
    reason: {
      type: 'string',
      value: 'TEXT',
      description: 'Why, for the record',
    },
  },
  examples: [
    {
      line: 'innominatus deployments cancel production/orders --reason "wrong image"',
      about: 'withdraw what waits, and say why',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const { id, number, endedAt, status, ...rest } = await resolveDeployment(
      client,
      { target: args.deployment, environment: flags.env },
    );
    const label = `Deployment ${number} of ${formatApplication(rest)}`;
    if (endedAt !== undefined) {
      throw new CliError(`${label} has ended: it is ${status}.`, {
        exitCode: ExitCode.conflict,
        next: `See: innominatus deployments get ${id}`,
      });
    }
    if (!(await context.confirm(`Withdraw deployment ${number}?`))) {
      throw new CliError('Nothing was withdrawn.');
    }
    const withdrawn = await client.cancelDeployment(id, {
      reason: flags.reason,
    });
    await context.out.object(withdrawn, {
      text: styles => deploymentText(withdrawn, styles),
      name: () => withdrawn.id,
    });
  },
});
