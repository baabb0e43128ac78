import { deploymentText } from '../deployments/deploymentText';
import { deploymentArg, resolveDeployment } from '../deployments/reference';
import { defineCommand } from '../framework/command';
import { envFlag } from './sharedFlags';

export const deploymentsGetCommand = defineCommand({
  name: 'deployments get',
  summary: 'Show one deployment: its plan, its run, and what it left behind',
  args: [deploymentArg],
  flags: { env: envFlag },
  examples: [
    {
      line: 'innominatus deployments get production/orders',
      about: 'the last one of an application',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const deployment = await resolveDeployment(client, {
      target: args.deployment,
      environment: flags.env,
    });
    await context.out.object(deployment, {
      text: styles => deploymentText(deployment, styles),
      name: () => deployment.id,
    });
    if (deployment.planId) {
      context.talk.next(
        `What it changes: innominatus plans get ${deployment.planId}`,
      );
    }
  },
});
