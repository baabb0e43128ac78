import { environmentText } from '../environments/environmentText';
import { readEnvironmentFile } from '../environments/readEnvironmentFile';
import { defineCommand } from '../framework/command';
import { environmentArg } from './sharedFlags';

export const environmentsUpdateCommand = defineCommand({
  name: 'environments update',
  summary: 'Replace the definition of an environment',
  description:
    'Only of one that was made here or by the API. What files of the platform team\ndefine is changed in those files.',
  args: [
    environmentArg,
    {
      name: 'file',
      required: true,
      description: 'Definition as YAML, or "-" for stdin',
      complete: 'file',
    },
  ],
  examples: [
    {
      line: 'innominatus environments update qa qa.yaml',
      about: 'as the file says',
    },
  ],
  async run(context, { args }) {
    const client = await context.client();
    const { name, ...input } = await readEnvironmentFile(
      context,
      args.file,
      args.environment,
    );
    const { version = '*' } = await client.getEnvironmentVersion(name);
    const environment = await client.updateEnvironment(name, input, {
      version,
    });
    await context.out.object(environment, {
      text: styles => environmentText(environment, styles),
      name: () => environment.name,
    });
  },
});
