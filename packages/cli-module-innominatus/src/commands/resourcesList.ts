import type { ResourceManagement } from '@innominatus/backstage-plugin-innominatus-common';
import { parseApplication } from '../applications/reference';
import { defineCommand } from '../framework/command';
import { limitFlag, showPages } from '../output/pages';
import { humanAge } from '../output/time';
import { envFlag } from './sharedFlags';

const MANAGEMENTS: readonly ResourceManagement[] = [
  'native',
  'delegated',
  'external',
];

export const resourcesListCommand = defineCommand({
  name: 'resources list',
  summary: 'List what was provisioned',
  args: [
    {
      name: 'application',
      description: 'Only resources of this application, ENV/NAME or NAME',
      complete: 'application',
    },
  ],
  flags: {
    env: envFlag,
    type: {
      type: 'string',
      value: 'TYPE',
      description: 'Only resources of this type, for example postgres',
    },
    state: {
      type: 'string',
      value: 'STATE',
      description: 'Only resources in this state, for example active',
    },
    management: {
      type: 'string',
      value: 'KIND',
      choices: MANAGEMENTS,
      description: 'Only resources managed this way',
    },
    limit: limitFlag,
  },
  examples: [
    {
      line: 'innominatus resources list development/orders',
      about: 'of one application',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const { environment, name } = args.application
      ? parseApplication(args.application, flags.env)
      : { environment: flags.env, name: undefined };
    const only = (value: string | undefined) => (value ? [value] : undefined);
    await showPages(context, {
      limit: flags.limit,
      read: page =>
        client.listResources({
          ...page,
          environment: only(environment),
          workload: only(name),
          type: only(flags.type),
          state: only(flags.state),
          management: only(flags.management),
        }),
      view: {
        name: resource => resource.id,
        columns: [
          { title: 'Name', value: resource => resource.name },
          {
            title: 'Type',
            value: resource => `${resource.type}.${resource.class}`,
          },
          { title: 'State', value: resource => resource.state, state: true },
          { title: 'Environment', value: resource => resource.environment },
          { title: 'Workload', value: resource => resource.workload },
          { title: 'Management', value: resource => resource.management },
          { title: 'Provider', value: resource => resource.provider?.name },
          { title: 'Updated', value: resource => humanAge(resource.updatedAt) },
          { title: 'Id', value: resource => resource.id },
          { title: 'Uid', value: resource => resource.uid, wide: true },
          { title: 'Error', value: resource => resource.error, wide: true },
        ],
      },
      empty: 'There are no resources.',
    });
  },
});
