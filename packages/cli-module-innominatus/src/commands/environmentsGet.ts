import { targetText } from '../applications/targetText';
import { defineCommand } from '../framework/command';
import { CliError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { safeLine } from '../output/text';

export const environmentsGetCommand = defineCommand({
  name: 'environments get',
  summary: 'Show one environment',
  args: [
    {
      name: 'environment',
      required: true,
      description: 'Name of the environment',
      complete: 'environment',
    },
  ],
  examples: [
    {
      line: 'innominatus environments get development',
      about: 'its type and target',
    },
  ],
  async run(context, { args }) {
    const client = await context.client();
    const { items } = await client.listEnvironments({ limit: 200 });
    const environment = items.find(({ name }) => name === args.environment);
    if (!environment) {
      throw new CliError(`There is no environment "${args.environment}".`, {
        exitCode: ExitCode.notFound,
        next: 'See all: innominatus environments list',
      });
    }
    await context.out.object(environment, {
      text: styles =>
        [
          styles.bold(environment.name),
          `  type    ${safeLine(environment.type)}`,
          `  target  ${safeLine(targetText(environment.target))}`,
          ...(environment.ttl ? [`  ttl     ${environment.ttl}`] : []),
          ...(environment.description
            ? [`  ${safeLine(environment.description)}`]
            : []),
        ].join('\n'),
      name: () => environment.name,
    });
  },
});
