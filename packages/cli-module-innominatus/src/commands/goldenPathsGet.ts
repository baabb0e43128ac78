import type {
  GoldenPath,
  GoldenPathParameter,
} from '@innominatus/backstage-plugin-innominatus-common';
import { stateText } from '../providers/providerText';
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
    const { describeBounds, formatDiagnostics } =
      await import('@innominatus/backstage-plugin-innominatus-common');
    await context.out.object(path, {
      text: styles => goldenPathText(path, { styles, describeBounds }),
      name: () => path.name,
    });
    if (path.problems.length > 0) {
      context.talk.say(formatDiagnostics(path.problems, { format: 'simple' }));
    }
    if (!path.allowedActions.run.allowed) {
      context.talk.say(
        `You cannot run it${path.allowedActions.run.reason ? `: ${path.allowedActions.run.reason}` : '.'}`,
      );
    }
  },
});

interface TextOptions {
  styles: Styles;
  describeBounds(parameter: GoldenPathParameter): string;
}

function goldenPathText(path: GoldenPath, options: TextOptions): string {
  const { styles } = options;
  return [
    `${styles.bold(path.name)}  ${safeLine(path.title)}`,
    ...(path.description ? [`  ${safeText(path.description).trim()}`] : []),
    ...(path.owner ? [`  owner  ${safeLine(path.owner)}`] : []),
    ...(path.estimatedDuration
      ? [`  takes  ${safeLine(path.estimatedDuration)}`]
      : []),
    ...(path.source ? [`  source ${safeLine(path.source)}`] : []),
    ...(path.state === 'active' ? [] : [`  state  ${stateText(path)}`]),
    path.parameters.length ? 'Parameters' : 'No parameters',
    ...path.parameters.map(
      parameter => `  ${parameterLine(parameter, options)}`,
    ),
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

function parameterLine(
  parameter: GoldenPathParameter,
  { describeBounds }: TextOptions,
): string {
  const bounds = describeBounds(parameter);
  const facts = [
    parameter.allowedValues?.join('|') ?? parameter.type,
    ...(parameter.required ? ['required'] : []),
    ...(parameter.default === undefined
      ? []
      : [`default ${JSON.stringify(parameter.default)}`]),
    ...(bounds === '' ? [] : [bounds]),
    ...(parameter.pattern ? [`like ${parameter.pattern}`] : []),
  ];
  const about = parameter.description ? `  ${parameter.description}` : '';
  return safeLine(`${parameter.name} (${facts.join(', ')})${about}`);
}
