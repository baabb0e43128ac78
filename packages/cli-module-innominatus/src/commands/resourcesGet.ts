import type {
  Resource,
  ResourceManagement,
} from '@innominatus/backstage-plugin-innominatus-common';
import { defineCommand } from '../framework/command';
import { Styles, paintState } from '../output/styles';
import { safeLine } from '../output/text';
import { humanAge } from '../output/time';
import { resolveResource, resourceArg } from '../resources/reference';
import { envFlag } from './sharedFlags';

export const resourcesGetCommand = defineCommand({
  name: 'resources get',
  summary: 'Show one resource, its outputs and how to reach it',
  description:
    'Secrets are masked; "innominatus resources reveal" shows one of them.',
  args: [resourceArg],
  flags: { env: envFlag },
  examples: [
    {
      line: 'innominatus resources get development/orders/db',
      about: 'the database of an application',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const resource = await resolveResource(client, {
      target: args.resource,
      environment: flags.env,
    });
    await context.out.object(resource, {
      text: styles => resourceText(resource, styles),
      name: () => resource.id,
    });
  },
});

const MANAGEMENT: Record<ResourceManagement, string> = {
  native: 'native',
  delegated: 'delegated, made outside',
  external: 'external, was there already',
};

function resourceText(resource: Resource, styles: Styles): string {
  const outputs = Object.entries(resource.outputs);
  return [
    `${styles.bold(safeLine(resource.name))}  ${resource.type}.${resource.class}`,
    `  state     ${paintState(resource.state, styles)}`,
    `  of        ${resource.environment}/${safeLine(resource.workload)}${resource.shared ? ' (shared)' : ''}`,
    `  managed   ${MANAGEMENT[resource.management]}`,
    `  provider  ${resource.provider ? `${resource.provider.name} ${resource.provider.version}` : '-'}`,
    `  updated   ${humanAge(resource.updatedAt)}`,
    ...(resource.health
      ? [
          `  health    ${paintState(resource.health.status, styles)}, ${humanAge(resource.health.checkedAt)}: ${safeLine(resource.health.message)}`,
        ]
      : []),
    ...waitingText(resource),
    ...(resource.error ? [`  ${styles.red(safeLine(resource.error))}`] : []),
    ...(outputs.length ? ['Outputs'] : []),
    ...outputs.map(
      ([name, value]) =>
        `  ${safeLine(name)}: ${safeLine(typeof value === 'string' ? value : JSON.stringify(value))}`,
    ),
    ...(resource.hints.length ? ['How to reach it'] : []),
    ...resource.hints.map(
      hint => `  ${safeLine(hint.label)}: ${safeLine(hint.value)}`,
    ),
  ].join('\n');
}

/** What somebody or something else has to do, and where to look at it. */
function waitingText({ waitingFor }: Resource): string[] {
  if (!waitingFor) {
    return [];
  }
  const { message, link, until } = waitingFor;
  return [
    `  waits     ${safeLine(message)}`,
    ...(link ? [`            ${safeLine(link.url)}`] : []),
    ...(until ? [`            until ${until}`] : []),
  ];
}
