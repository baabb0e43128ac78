import { formatApplication, parseApplication } from '../applications/reference';
import { defineCommand } from '../framework/command';
import { limitFlag, showPages } from '../output/pages';
import { elapsed, humanAge } from '../output/time';
import { envFlag } from './sharedFlags';

export const deploymentsListCommand = defineCommand({
  name: 'deployments list',
  summary: 'List deployments, the newest first',
  args: [
    {
      name: 'application',
      description: 'Only deployments of this application, ENV/NAME or NAME',
      complete: 'application',
    },
  ],
  flags: { env: envFlag, limit: limitFlag },
  examples: [
    {
      line: 'innominatus deployments list production/orders',
      about: 'the history of one application',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const { environment, name } = args.application
      ? parseApplication(args.application, flags.env)
      : { environment: flags.env, name: undefined };
    await showPages(context, {
      limit: flags.limit,
      read: page =>
        client.listDeployments({
          ...page,
          sort: '-createdAt',
          environment: environment ? [environment] : undefined,
          name: name ? [name] : undefined,
        }),
      view: {
        name: deployment => deployment.id,
        columns: [
          { title: 'Application', value: formatApplication },
          { title: 'Number', value: deployment => deployment.number },
          { title: 'Action', value: deployment => deployment.action },
          {
            title: 'Status',
            value: deployment => deployment.status,
            state: true,
          },
          { title: 'Revision', value: deployment => deployment.revision },
          { title: 'Run', value: deployment => deployment.runNumber },
          {
            title: 'Took',
            value: deployment =>
              elapsed(deployment.createdAt, deployment.endedAt),
          },
          {
            title: 'When',
            value: deployment => humanAge(deployment.createdAt),
          },
          { title: 'By', value: deployment => deployment.createdBy },
          {
            title: 'Changes',
            value: deployment => deployment.changes.join('; '),
            wide: true,
          },
          {
            title: 'Waits for',
            value: deployment => deployment.waiting?.message,
            wide: true,
          },
          {
            title: 'Plan',
            value: deployment => deployment.planId,
            wide: true,
          },
          { title: 'Id', value: deployment => deployment.id, wide: true },
        ],
      },
      empty: 'There are no deployments.',
    });
  },
});
