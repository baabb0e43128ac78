import type {
  GoldenPath,
  GoldenPathParameter,
} from '@innominatus/backstage-plugin-innominatus-common';
import { defineCommand } from '../framework/command';
import { Styles } from '../output/styles';
import { safeLine, safeText } from '../output/text';

export const goldenPathsGetCommand = defineCommand({
  name: 'golden-paths get',
  summary: 'Show a golden path, its parameters and steps',
  args: [
    {
      name: 'name',
      required: true,
      description: 'Name of the golden path',
      complete: 'goldenPath',
    },
  ],
  examples: [
    {
      line: 'innominatus golden-paths get deploy-app',
      about: 'which parameters it has',
    },
  ],
  async run(context, { args }) {
    const client = await context.client();
    const path = await client.getGoldenPath(args.name);
    await context.out.object(path, {
      text: styles => goldenPathText(path, styles),
      name: () => path.name,
    });
    if (!path.allowedActions.run.allowed) {
      context.talk.say(
        `You cannot run it${path.allowedActions.run.reason ? `: ${path.allowedActions.run.reason}` : '.'}`,
      );
    }
  },
});

function goldenPathText(path: GoldenPath, styles: Styles): string {
  return [
    `${styles.bold(path.name)}  ${safeLine(path.title)}`,
    ...(path.description ? [`  ${safeText(path.description).trim()}`] : []),
    ...(path.owner ? [`  owner  ${safeLine(path.owner)}`] : []),
    ...(path.estimatedDuration
      ? [`  takes  ${safeLine(path.estimatedDuration)}`]
      : []),
    path.parameters.length ? 'Parameters' : 'No parameters',
    ...path.parameters.map(parameter => `  ${parameterLine(parameter)}`),
    'Steps',
    ...path.steps.map(
      step =>
        `  ${safeLine(step.name)}  ${step.type}${
          step.dependsOn.length
            ? styles.dim(`  after ${step.dependsOn.join(', ')}`)
            : ''
        }`,
    ),
  ].join('\n');
}

function parameterLine(parameter: GoldenPathParameter): string {
  const facts = [
    parameter.allowedValues?.join('|') ?? parameter.type,
    ...(parameter.required ? ['required'] : []),
    ...(parameter.default === undefined
      ? []
      : [`default ${JSON.stringify(parameter.default)}`]),
    ...(parameter.pattern ? [`like ${parameter.pattern}`] : []),
  ];
  const about = parameter.description ? `  ${parameter.description}` : '';
  return safeLine(`${parameter.name} (${facts.join(', ')})${about}`);
}
